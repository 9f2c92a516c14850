import { useCall } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { type Column, EnvSquare, PodCells, Status, Table, TruncateMiddle } from "~/kit";
import { cellState } from "~/kit/health";
import { useNarrow } from "~/kit/media";
import css from "./balancer.module.css";
import {
  addressesOf,
  type Entry,
  endpointsOf,
  isPending,
  placesOf,
  portText,
  servingOf,
} from "./balancers";
import { ForwardButton } from "./ForwardButton";

/** What leads where, one a row; arrow keys move on, and the panel beside it follows. */
export function BalancerTable({
  entries,
  selected,
  onSelect,
}: {
  entries: Entry[];
  selected: string | undefined;
  onSelect: (id: string) => void;
}) {
  const text = useText();
  return (
    <Table
      label={text.frame.page.balancers}
      rows={entries}
      columns={useColumns()}
      rowKey={({ row }) => row.id}
      rowLabel={({ row }) => row.draft.name}
      selected={selected}
      onSelect={onSelect}
      actions={(entry) => {
        const [place] = placesOf(entry);
        return place ? <ForwardButton row={entry.row} place={place} brief /> : null;
      }}
      actionsWidth={32}
    />
  );
}

function useColumns(): Column<Entry>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const words = text.balancer;
  const columns: Column<Entry>[] = [
    {
      key: "name",
      header: words.column.name,
      width: "minmax(110px, 1.5fr)",
      cell: ({ row }) => <TruncateMiddle text={row.draft.name} className={css.name} />,
    },
    {
      key: "kind",
      header: words.column.kind,
      width: "68px",
      cell: ({ row }) => <span className={css.muted}>{words.kind[row.draft.kind]}</span>,
    },
  ];
  if (!narrow) {
    columns.push({
      key: "address",
      header: words.column.address,
      width: "minmax(90px, 1fr)",
      cell: (entry) => <Address entry={entry} />,
    });
  }
  columns.push(
    {
      key: "port",
      header: words.column.port,
      width: "minmax(60px, 0.8fr)",
      cell: ({ row }) => {
        const [first, ...others] = row.draft.ports;
        if (!first) return <span className={css.subtle}>–</span>;
        return (
          <span className={css.mono} title={row.draft.ports.map(portText).join(", ")}>
            {portText(first)}
            {others.length > 0 ? ` +${format.number(others.length)}` : ""}
          </span>
        );
      },
    },
    {
      key: "groups",
      header: words.column.groups,
      width: "minmax(84px, 1fr)",
      cell: (entry) => <Groups entry={entry} />,
    },
    {
      key: "endpoints",
      header: words.column.endpoints,
      width: "minmax(112px, 1.3fr)",
      cell: (entry) => <Endpoints entry={entry} />,
    },
  );
  return columns;
}

function Address({ entry }: { entry: Entry }) {
  const text = useText();
  const format = useFormat();
  const places = placesOf(entry);
  const addresses = places.flatMap(({ live }) => addressesOf(live, entry.row.draft.kind));
  const [first, ...others] = addresses;
  if (first === undefined) {
    return places.some(({ live }) => live?.pending_since) ? (
      <Status state="rolling" still>
        {text.balancer.pendingAddress}
      </Status>
    ) : (
      <span className={css.subtle}>–</span>
    );
  }
  return (
    <span className={css.mono} title={addresses.join(", ")}>
      {first}
      {others.length > 0 ? ` +${format.number(others.length)}` : ""}
    </span>
  );
}

function Groups({ entry: { row } }: { entry: Entry }) {
  const text = useText();
  const format = useFormat();
  const environments = useCall("environment_list", null).data ?? [];
  const [first] = row.groups;
  if (!first) {
    const count = row.unknown_groups;
    return (
      <span className={css.subtle}>
        {count > 0 ? text.balancer.groupsCount(format.number(count)) : text.balancer.noGroup}
      </span>
    );
  }
  const environment = environments.find(({ id }) => id === first.environment);
  const count = row.groups.length + row.unknown_groups;
  return (
    <span className={css.group} title={row.groups.map(({ name }) => name).join(", ")}>
      {environment ? (
        <EnvSquare colour={environment.colour} label={environmentWord(environment.name, text)} />
      ) : null}
      <span className={css.cut}>
        {count > 1 ? text.balancer.groupsCount(format.number(count)) : first.name}
      </span>
    </span>
  );
}

function Endpoints({ entry }: { entry: Entry }) {
  const text = useText();
  const format = useFormat();
  const places = placesOf(entry);
  const serving = servingOf(places);
  const stale = places.some(({ live }) => live?.stale_since);
  const pending = places.some(isPending);
  const waits = pending ? <Status state="pending">{text.balancer.notApplied}</Status> : null;
  if (serving === undefined) return waits ?? <span className={css.subtle}>–</span>;
  const endpoints = endpointsOf(places).filter(({ ready }) => ready);
  return (
    <span className={css.cells}>
      {serving === 0 ? (
        <Status state={stale ? "stale" : "warn"}>{text.balancer.noEndpoints}</Status>
      ) : (
        <>
          <PodCells
            pods={endpoints.map((endpoint) => ({
              state: cellState(endpoint, stale),
              name: endpoint.pod || undefined,
            }))}
          />
          <span className={css.muted}>{format.number(serving)}</span>
        </>
      )}
      {pending ? <Status state="pending">{null}</Status> : null}
    </span>
  );
}
