import { MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { useCall } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Badge, Button, EnvTag, Facts, IconButton, Menu, SplitHead, SplitPanel } from "~/kit";
import css from "./balancer.module.css";
import { addressesOf, type Entry, type PlaceEntry, placesOf, portText } from "./balancers";
import { Endpoints, Shares } from "./Endpoints";
import { ForwardButton } from "./ForwardButton";
import { PlaceNotices } from "./PlaceNotices";

/** The chosen load balancer beside the list: by what it is reached, and who receives the traffic. */
export function BalancerPanel({
  entry,
  onEdit,
  onDelete,
}: {
  entry: Entry;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const text = useText();
  const words = text.balancer;
  const { row } = entry;
  const { name, kind } = row.draft;
  const places = placesOf(entry);
  return (
    <SplitPanel wide label={name}>
      <SplitHead
        actions={
          <>
            <Button small onClick={onEdit}>
              {words.edit}
            </Button>
            <Menu
              align="end"
              trigger={<IconButton small icon={MoreHorizontal} label={words.more} />}
              items={[
                { key: "edit", label: words.editMenu, icon: Pencil, onSelect: onEdit },
                {
                  key: "delete",
                  label: words.deleteMenu,
                  icon: Trash2,
                  danger: true,
                  separated: true,
                  onSelect: onDelete,
                },
              ]}
            />
          </>
        }
      >
        <h2 title={name}>{name}</h2>
        <Badge>{words.kind[kind]}</Badge>
      </SplitHead>
      {places.length === 0 ? (
        <section className={css.part}>
          <Facts
            items={[
              {
                label: words.facts.ports,
                value: <span className={css.mono}>{row.draft.ports.map(portText).join(", ")}</span>,
              },
            ]}
          />
          <p className={css.hint}>{words.none.no_group()}</p>
        </section>
      ) : (
        places.map((place) => (
          <Place key={place.place.link} entry={entry} place={place} alone={places.length === 1} />
        ))
      )}
    </SplitPanel>
  );
}

function Place({ entry, place, alone }: { entry: Entry; place: PlaceEntry; alone: boolean }) {
  const text = useText();
  const words = text.balancer;
  const { draft } = entry.row;
  const { live } = place;
  const addresses = addressesOf(live, draft.kind);
  const facts: { label: string; value: React.ReactNode }[] = [];
  const ports = live?.state === "there" && live.ports.length > 0 ? live.ports : undefined;
  const lines = (ports ?? draft.ports).map((port) => ({
    port: String(port.port),
    target: String(port.target),
    node: ports ? String(port.node_port ?? "") : String(port.node_port ?? ""),
    name: port.name,
  }));
  const reached = draft.kind === "NodePort" ? [] : addresses;
  if (reached.length > 0) {
    facts.push({
      label: words.facts.address,
      value: (
        <span className={css.lines}>
          {reached.flatMap((address) =>
            lines.map((line) => (
              <span key={`${address}:${line.port}`} className={css.mono}>
                {`${address}:${line.port}`}
                <span className={css.subtle}>{` → ${line.target} ${line.name}`}</span>
              </span>
            )),
          )}
        </span>
      ),
    });
  } else {
    facts.push({
      label: words.facts.ports,
      value: (
        <span className={css.lines}>
          {lines.map((line) => (
            <span key={`${line.port}${line.name}`} className={css.mono}>
              {portText(line)}
              <span className={css.subtle}>{` ${line.name}`}</span>
            </span>
          ))}
        </span>
      ),
    });
  }
  const open = lines.filter(({ node }) => node !== "");
  if (draft.kind !== "ClusterIP" && open.length > 0) {
    facts.push({
      label: words.facts.nodePort,
      value: (
        <span className={css.mono}>
          {open.map((line) => words.nodePortOf(line.node, line.port)).join(", ")}
        </span>
      ),
    });
  }
  if (draft.kind !== "ClusterIP" && live?.cluster_ip) {
    facts.push({
      label: words.facts.clusterIp,
      value: <span className={css.mono}>{live.cluster_ip}</span>,
    });
  }
  facts.push({
    label: words.facts.group,
    value: <GroupNames entry={entry} link={place.place.link} />,
  });
  if (place.place.namespace !== null) {
    facts.push({
      label: words.facts.dns,
      value: <span className={css.mono}>{`${draft.name}.${place.place.namespace}.svc`}</span>,
    });
  }
  return (
    <section className={css.place} aria-label={place.place.link_name ?? place.place.link}>
      <div className={css.part}>
        {alone ? null : <h3>{place.place.link_name ?? place.place.link}</h3>}
        <Facts items={facts} labelWidth={96} />
        <div>
          <ForwardButton row={entry.row} place={place} />
        </div>
        <PlaceNotices entry={entry} place={place} />
        {live && live.shares.length > 0 ? <Shares live={live} /> : null}
      </div>
      {live && live.endpoints.length > 0 ? (
        <Endpoints name={draft.name} live={live} grouped={entry.row.groups.length > 1} />
      ) : null}
    </section>
  );
}

function GroupNames({ entry: { row }, link }: { entry: Entry; link: string }) {
  const text = useText();
  const format = useFormat();
  const environments = useCall("environment_list", null).data ?? [];
  const groups = row.groups.filter((group) => group.link === link);
  if (groups.length === 0 && row.unknown_groups === 0) {
    return <span className={css.subtle}>{text.balancer.noGroup}</span>;
  }
  return (
    <span className={css.lines}>
      {groups.map((group) => {
        const environment = environments.find(({ id }) => id === group.environment);
        return (
          <span key={group.id} className={css.group}>
            {environment ? (
              <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
            ) : null}
            <span className={css.cut}>{group.name}</span>
          </span>
        );
      })}
      {row.unknown_groups > 0 ? (
        <span className={css.subtle}>
          {text.balancer.unknownGroups(format.number(row.unknown_groups))}
        </span>
      ) : null}
    </span>
  );
}
