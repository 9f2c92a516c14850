import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useView } from "~/app/page";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import { Button, EmptyState, Input, Segment, Select, useNow, visible } from "~/kit";
import type { ReleaseState } from "~/wire/types";
import { type HistoryFilter, sinceOf, spans } from "./history";
import css from "./releases.module.css";

const DAY_MS = 86_400_000;
const STATES: readonly ReleaseState[] = [
  "succeeded",
  "failed",
  "aborted",
  "superseded",
  "stopped",
  "resting",
  "moving",
];

/** What of a history is shown, as the address says it, and the tools that change it. */
export function useFilters(app: string) {
  const text = useText();
  const words = text.release.list;
  const now = useNow(DAY_MS);
  const [show, setShow] = useView("show");
  const [group, setGroup] = useView("group");
  const [person, setPerson] = useView("by");
  const [result, setResult] = useView("state");
  const [span, setSpan] = useView("since");
  const [find, setFind] = useView("filter");
  const state = STATES.find((one) => one === result) ?? null;
  const narrow = {
    person: person ?? null,
    state,
    since: sinceOf(span, now),
    text: find ?? "",
  };
  // A group alone has a history; "the last of each" would be a single row.
  const last = show !== "all" && group === undefined;
  const filter: HistoryFilter = { app, last, group: group ?? null, narrow };
  const groups = useCall("group_list", app);
  const people = useCall("release_people", app);
  const counted = { app, group: null, before: null, limit: 1, narrow };
  const counts = {
    last: useCall("release_list", { ...counted, last: true }, { keep: true }),
    all: useCall("release_list", { ...counted, last: false }, { keep: true }),
  };

  const tools = (
    <div className={css.tools}>
      <Segment
        label={words.which}
        value={last ? "last" : "all"}
        onChange={(next) => {
          if (next === "last") setGroup(undefined);
          setShow(next === "all" ? "all" : undefined);
        }}
        options={[
          { value: "last", label: words.last, note: counts.last.data?.total },
          { value: "all", label: words.all, note: counts.all.data?.total },
        ]}
      />
      <Select
        label={words.filterGroup}
        value={group ?? ""}
        onChange={(next) => setGroup(next || undefined)}
        options={[
          { value: "", label: words.allGroups },
          ...(groups.data ?? []).map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      <Select
        label={words.by}
        value={person ?? ""}
        onChange={(next) => setPerson(next || undefined)}
        options={[
          { value: "", label: words.anyone },
          ...(people.data ?? []).map((one) => ({ value: one, label: visible(one) })),
        ]}
      />
      <Select
        label={words.result}
        value={state ?? ""}
        onChange={(next) => setResult(next || undefined)}
        options={[
          { value: "", label: words.anyResult },
          ...STATES.map((one) => ({ value: one, label: text.release.state[one] })),
        ]}
      />
      <Select
        label={words.started}
        value={span ?? ""}
        onChange={(next) => setSpan(next || undefined)}
        options={[
          { value: "", label: words.anyTime },
          ...spans.map((one) => ({ value: one, label: words.span[one] ?? one })),
        ]}
      />
      <Input
        className={css.find}
        icon={Search}
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        value={find ?? ""}
        onChange={(next) => setFind(next || undefined)}
      />
    </div>
  );
  const narrowed = Object.values(narrow).some(Boolean);
  return { filter, narrowed, tools };
}

/** The filters leave nothing. */
export function NothingFound() {
  const words = useText().release.list;
  const navigate = useNavigate();
  return (
    <EmptyState
      icon={Search}
      title={words.nothingFound}
      action={
        <Button onClick={() => void navigate({ to: ".", search: { show: "all" }, replace: true })}>
          {words.clearFilters}
        </Button>
      }
    >
      {words.nothingFoundText}
    </EmptyState>
  );
}
