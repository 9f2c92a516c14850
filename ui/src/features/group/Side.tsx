import { Box, Braces, Network } from "lucide-react";
import type { ReactNode } from "react";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Icon, type IconType, type MarkState, StatusMark } from "~/kit";
import type {
  App,
  ClusterLink,
  FieldError,
  GroupDraft,
  GroupView,
  SessionState,
} from "~/wire/types";
import css from "./group.module.css";

interface CheckLine {
  key: string;
  state: MarkState;
  title: string;
  note?: string;
}

/** What will be created, and what is right or missing already: never a surprise at the end. */
export function Side({
  draft,
  errors,
  app,
  view,
}: {
  draft: GroupDraft;
  /** Undefined until it has been checked. */
  errors: FieldError[] | undefined;
  app: App;
  view: GroupView | null;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const clusters = useCall("cluster_list", null);
  const live = useFeed({ kind: "clusters" });
  const link = clusters.data?.find((row) => row.link.id === draft.link)?.link ?? null;
  const session = live.byId.get(draft.link)?.session;
  const name = draft.name.trim();
  const balancers = useCall("balancer_list", app.id).data?.filter(
    (row) => view !== null && row.draft.groups.includes(view.id),
  );
  const checks = useChecks(draft, errors, app, view, link, session);
  const named = name !== "" && !errors?.some(({ field }) => field === "name");
  const workload = view?.workload ?? (named ? `${app.slug}-${name}` : "");
  return (
    <aside className={css.side}>
      <section aria-labelledby="group-created">
        <div className={css.sideHead}>
          <h2 id="group-created">{view?.card.last_release ? words.sideThere : words.side}</h2>
          {link ? <span className={css.subtle}>{`${link.name} · ${link.namespace}`}</span> : null}
        </div>
        <ObjectLine icon={Box} title={words.deployment} name={workload}>
          {draft.count.trim() === "" ? "–" : words.podsCount(draft.count.trim())}
        </ObjectLine>
        <ObjectLine icon={Braces} title={words.configMap} name="">
          {draft.variables.length === 0
            ? text.common.none
            : words.values(format.number(draft.variables.length))}
        </ObjectLine>
        {balancers?.map((row) => (
          <ObjectLine key={row.id} icon={Network} title={words.service} name={row.draft.name}>
            {row.draft.kind}
          </ObjectLine>
        ))}
        <p className={css.hint}>{view?.card.last_release ? words.atRelease : words.notNow}</p>
      </section>
      <section aria-labelledby="group-checks">
        <div className={css.sideHead}>
          <h2 id="group-checks">{words.checks}</h2>
        </div>
        <ul className={css.checks}>
          {checks.map((line) => (
            <li key={line.key}>
              <StatusMark state={line.state} />
              <div>
                <p className={line.state === "danger" ? css.danger : undefined}>{line.title}</p>
                {line.note ? <p className={css.hint}>{line.note}</p> : null}
              </div>
            </li>
          ))}
        </ul>
      </section>
    </aside>
  );
}

function ObjectLine({
  icon,
  title,
  name,
  children,
}: {
  icon: IconType;
  title: string;
  name: string;
  children: ReactNode;
}) {
  return (
    <div className={css.object}>
      <Icon of={icon} />
      <div>
        <p>{title}</p>
        {name ? <code>{name}</code> : null}
      </div>
      <span className={css.muted}>{children}</span>
    </div>
  );
}

function useChecks(
  draft: GroupDraft,
  errors: FieldError[] | undefined,
  app: App,
  view: GroupView | null,
  link: ClusterLink | null,
  session: SessionState | undefined,
): CheckLine[] {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit.check;
  const wrong = (test: (error: FieldError) => boolean) => errors?.some(test) ?? false;
  const lines: CheckLine[] = [];

  if (view) lines.push({ key: "name", state: "ok", title: words.nameFixed });
  else if (draft.name.trim() === "") {
    lines.push({ key: "name", state: "idle", title: words.nameOpen, note: words.nameOpenText });
  } else if (wrong(({ field }) => field === "name")) {
    lines.push({ key: "name", state: "danger", title: words.nameBad });
  } else if (errors) {
    lines.push({
      key: "name",
      state: "ok",
      title: words.nameFree,
      note: words.nameFreeText(app.title),
    });
  }

  if (!link) {
    lines.push({
      key: "cluster",
      state: "idle",
      title: words.clusterOpen,
      note: words.clusterOpenText,
    });
  } else if (session?.state === "ready" || session?.state === "degraded") {
    lines.push({ key: "cluster", state: "ok", title: words.clusterReady, note: link.name });
  } else {
    lines.push({
      key: "cluster",
      state: "stale",
      title: words.clusterAway,
      note: words.clusterAwayText,
    });
  }

  if (draft.image.trim() === "") {
    lines.push({ key: "image", state: "idle", title: words.imageOpen, note: words.imageOpenText });
  } else if (wrong(({ field }) => field === "image")) {
    lines.push({ key: "image", state: "danger", title: words.imageBad });
  } else if (errors) lines.push({ key: "image", state: "ok", title: words.imageGood });

  const limit = draft.memory.limit.trim();
  lines.push(
    limit === ""
      ? { key: "memory", state: "warn", title: words.memoryOpen, note: words.memoryOpenText }
      : { key: "memory", state: "ok", title: words.memoryGood, note: words.memoryGoodText(limit) },
  );
  const ports = draft.ports.map(({ port }) => port.trim()).filter(Boolean);
  lines.push(
    ports.length === 0
      ? { key: "ports", state: "idle", title: words.portsOpen, note: words.portsOpenText }
      : { key: "ports", state: "ok", title: words.portsGood(format.list(ports)) },
  );

  const { readiness } = draft;
  lines.push(
    readiness.kind === "none"
      ? { key: "ready", state: "warn", title: words.readyOpen, note: words.readyOpenText }
      : { key: "ready", state: "ok", title: words.readySet },
  );

  const named = new Set(["name", "image"]);
  // What nobody has typed yet is not wrong, it is open.
  const rest = (errors ?? []).filter(
    ({ field, code }) => !named.has(field) && code !== "required",
  ).length;
  if (rest > 0) {
    lines.push({
      key: "fields",
      state: "danger",
      title: words.fields(format.number(rest)),
      note: words.fieldsText,
    });
  }
  return lines;
}
