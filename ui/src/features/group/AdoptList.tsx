import { Filter } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { cx, ErrorState, Input, PodCells, Skeleton, TruncateMiddle } from "~/kit";
import type { Candidate, ClusterLink } from "~/wire/types";
import css from "./adopt.module.css";

/** Every Deployment that no Slipway made, by cluster; each cluster answers, or fails, by itself. */
export function AdoptList({
  links,
  repository,
  onChoose,
}: {
  links: readonly ClusterLink[];
  /** Of the app: an image of it is named first. */
  repository: string;
  onChoose: (link: string, workload: string) => void;
}) {
  const words = useText().adopt;
  const [filter, setFilter] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // The clusters were not known yet when the dialog looked for its first field.
  useEffect(() => field.current?.focus(), []);
  return (
    <div className={css.clusters}>
      <Input
        ref={field}
        type="search"
        icon={Filter}
        value={filter}
        placeholder={words.filter}
        aria-label={words.filter}
        onChange={setFilter}
      />
      {links.map((link) => (
        <OfCluster
          key={link.id}
          link={link}
          repository={repository}
          filter={filter.trim().toLowerCase()}
          onChoose={(workload) => onChoose(link.id, workload)}
        />
      ))}
    </div>
  );
}

function OfCluster({
  link,
  repository,
  filter,
  onChoose,
}: {
  link: ClusterLink;
  repository: string;
  filter: string;
  onChoose: (workload: string) => void;
}) {
  const words = useText().adopt;
  const query = useCall("takeover_list", link.id);
  const { refetch } = query;
  // What the cluster has may have changed since the dialog was open last.
  useEffect(() => void refetch(), [refetch]);
  const found = query.data ?? [];
  const shown = found.filter(({ name, containers }) =>
    [name, ...containers.map(({ image }) => image)].join(" ").toLowerCase().includes(filter),
  );
  const title = words.place(link.name, link.namespace);
  return (
    <section aria-label={title}>
      <h3 className={css.place}>
        <strong>{link.name}</strong> <span className={css.subtle}>{link.namespace}</span>
      </h3>
      {query.error ? (
        <ErrorState compact error={query.error} onRetry={() => void refetch()} />
      ) : query.data === undefined ? (
        <div role="status" aria-label={words.looking}>
          <Skeleton rows={2} rowHeight={44} />
        </div>
      ) : shown.length === 0 ? (
        <p className={css.nothing}>{found.length === 0 ? words.none : words.noMatch}</p>
      ) : (
        <ul className={css.candidates}>
          {shown.map((candidate) => (
            <li key={candidate.name}>
              <Row
                candidate={candidate}
                repository={repository}
                onChoose={() => onChoose(candidate.name)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({
  candidate: { name, containers, ...candidate },
  repository,
  onChoose,
}: {
  candidate: Candidate;
  repository: string;
  onChoose: () => void;
}) {
  const format = useFormat();
  const words = useText().adopt;
  const own = containers.find(({ image }) => repository !== "" && image.startsWith(repository));
  const image = (own ?? containers[0])?.image ?? "–";
  const more = containers.length - 1;
  return (
    <button
      type="button"
      className={css.candidate}
      aria-label={words.choose(name)}
      onClick={onChoose}
    >
      <span className={css.what}>
        <TruncateMiddle text={name} className={css.name} />
        <span className={cx(css.subtle, css.image)}>
          <TruncateMiddle text={image} className={css.code} />
          {more > 0 ? words.sidecars(format.number(more)) : null}
        </span>
      </span>
      <span className={css.muted}>
        {candidate.made_by === "" ? null : words.madeByWho(candidate.made_by)}
      </span>
      <Pods count={candidate.count} ready={candidate.ready} />
    </button>
  );
}

/** How many it wants, and how many of them are ready. */
export function Pods({ count, ready }: Pick<Candidate, "count" | "ready">) {
  const format = useFormat();
  const words = useText().adopt;
  const label = words.ready(format.number(ready), format.number(count));
  return (
    <span className={css.pods}>
      <PodCells
        pods={Array.from({ length: count }, (_, at) => ({ state: at < ready ? "old" : "unready" }))}
      />
      <span className={css.muted}>{label}</span>
    </span>
  );
}
