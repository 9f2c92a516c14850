import { Box, Braces, Network } from "lucide-react";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { type SideCheck, SideChecks, SideObject, SidePanel, SidePart } from "~/kit";
import type {
  App,
  ClusterLink,
  FieldError,
  GroupDraft,
  GroupView,
  SessionState,
} from "~/wire/types";
import css from "./group.module.css";

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
    <SidePanel>
      <SidePart
        title={view?.card.last_release ? words.sideThere : words.side}
        note={link ? `${link.name} · ${link.namespace}` : undefined}
      >
        <SideObject icon={Box} title={words.deployment} name={workload}>
          {draft.count.trim() === "" ? "–" : words.podsCount(draft.count.trim())}
        </SideObject>
        <SideObject icon={Braces} title={words.configMap}>
          {draft.variables.length === 0
            ? text.common.none
            : words.values(format.number(draft.variables.length))}
        </SideObject>
        {balancers?.map((row) => (
          <SideObject key={row.id} icon={Network} title={words.service} name={row.draft.name}>
            {row.draft.kind}
          </SideObject>
        ))}
        <p className={css.sideNote}>{view?.card.last_release ? words.atRelease : words.notNow}</p>
      </SidePart>
      <SidePart title={words.checks}>
        <SideChecks checks={checks} />
      </SidePart>
    </SidePanel>
  );
}

function useChecks(
  draft: GroupDraft,
  errors: FieldError[] | undefined,
  app: App,
  view: GroupView | null,
  link: ClusterLink | null,
  session: SessionState | undefined,
): SideCheck[] {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit.check;
  const wrong = (test: (error: FieldError) => boolean) => errors?.some(test) ?? false;
  const lines: SideCheck[] = [];

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
