import { ArrowRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useCall, useFeed, useOrder } from "~/data";
import { environmentWord, ruleWord, sayError, sayFieldError, useText } from "~/i18n";
import { Button, EnvSquare, Icon, Input, type Option, PanelTools, Select, visible } from "~/kit";
import type { ForwardTarget, GroupCard } from "~/wire/types";
import css from "./forward.module.css";
import { useWanted } from "./open";
import { shortPod } from "./state";
import { groupOf, keyOf, targetsOf } from "./targets";

/** Pods that are offered by name: any other is forwarded from its own row. */
const PODS = 50;
/** Instead of a listed port: one that is typed. */
const OTHER = "other";

/** Target, port, port on this computer. */
export function ForwardForm({ front }: { front: boolean }) {
  const text = useText();
  const words = text.forward;
  const { app, target: wanted, asked } = useWanted();
  const form = useRef<HTMLFormElement>(null);
  const groups = useCall("group_list", app, { enabled: app !== "" }).data ?? [];
  const balancers = useCall("balancer_list", app, { enabled: app !== "" }).data ?? [];

  const [chosen, setChosen] = useState<ForwardTarget | null>(wanted);
  const [port, setPort] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [local, setLocal] = useState("");
  const [seen, setSeen] = useState(asked);
  if (seen !== asked) {
    setSeen(asked);
    setChosen(wanted);
    setPort(null);
    setTyped("");
  }
  const first = groups.find(({ link_name }) => link_name !== null);
  const target = chosen ?? (first ? ({ kind: "group", group: first.id } as const) : null);
  const group = groupOf(target, balancers);

  const pods = usePods(front && target?.kind !== "balancer" ? group : null, target);
  const offered = targetsOf(groups, { group: group ?? "", names: pods }, balancers);
  const ports = useCall("forward_ports", target ?? NONE, { enabled: target !== null }).data;
  const rights = useCall("group_rights", group ?? "", { enabled: group !== null && front });
  const lacks = rights.data?.forward;
  const listed =
    ports?.map(({ name, port }) => ({ value: name || String(port), name, port })) ?? [];
  const typing = port === OTHER || (ports !== undefined && listed.length === 0);
  const of = typing ? typed : (port ?? listed[0]?.value ?? "");

  const open = useOrder("forward_open", { quiet: true, onDone: () => setLocal("") });
  const fields = open.error?.fields ?? [];
  const wrong = (field: string) => fields.find((one) => one.field === field);
  const problem = fields[0]
    ? sayFieldError(fields[0], text)
    : open.error
      ? sayError(open.error, text).title
      : null;

  // Whoever asked for the form goes on in it.
  useEffect(() => {
    if (!front || asked === 0) return;
    const controls = form.current?.querySelectorAll<HTMLElement>("[role=combobox]");
    controls?.[wanted ? 1 : 0]?.focus();
  }, [front, asked, wanted]);

  const label = (one: ForwardTarget): Option<string> => {
    const value = keyOf(one);
    if (one.kind === "balancer") {
      const row = balancers.find(({ id }) => id === one.balancer);
      const place = row?.places.find(({ link }) => link === one.link);
      const name = words.ofBalancer(visible(row?.draft.name ?? ""));
      const note = (row?.places.length ?? 0) > 1 ? visible(place?.link_name ?? "") : undefined;
      return { value, label: name, note };
    }
    const card = groups.find(({ id }) => id === one.group);
    const name =
      one.kind === "pod" ? words.ofPod(shortPod(one.pod)) : words.anyPod(visible(card?.name ?? ""));
    return { value, label: name, content: <OfGroup card={card} name={name} /> };
  };
  return (
    <form
      ref={form}
      aria-label={words.open}
      onSubmit={(event) => {
        event.preventDefault();
        if (target !== null && !lacks) void open.run({ target, port: of, local });
      }}
    >
      <PanelTools lack="wraps">
        <Select
          small
          className={css.targets}
          label={words.target}
          value={target && keyOf(target)}
          onChange={(key) => {
            setChosen(offered.find((one) => keyOf(one) === key) ?? null);
            setPort(null);
            open.reset();
          }}
          options={offered.map(label)}
          placeholder={words.target}
        />
        {typing ? (
          <Input
            mono
            className={css.port}
            aria-label={words.port}
            placeholder={words.portTyped}
            value={typed}
            invalid={wrong("port") !== undefined}
            autoFocus={port === OTHER}
            onChange={(next) => {
              setTyped(next);
              open.reset();
            }}
          />
        ) : (
          <Select
            small
            className={css.ports}
            label={words.port}
            value={of}
            onChange={setPort}
            options={[
              ...listed.map(({ value, name, port }) => ({
                value,
                label: [port, visible(name)].filter(Boolean).join(" "),
                content: (
                  <code>
                    {port} {visible(name)}
                  </code>
                ),
              })),
              { value: OTHER, label: words.otherPort },
            ]}
            placeholder={words.port}
          />
        )}
        <Icon of={ArrowRight} size={14} className={css.arrow} />
        <Input
          mono
          className={css.local}
          aria-label={words.local}
          placeholder={words.free}
          value={local}
          invalid={wrong("local") !== undefined}
          onChange={(next) => {
            setLocal(next);
            open.reset();
          }}
        />
        <Button
          small
          kind="filled"
          type="submit"
          busy={open.pending}
          disabled={target === null}
          locked={lacks ? text.instance.lacks(ruleWord(lacks)) : null}
          lockedTitle={lacks ? text.instance.lacksTitle : undefined}
        >
          {words.forward}
        </Button>
        {problem ? (
          <p className={css.problem} role="alert">
            {problem}
          </p>
        ) : null}
      </PanelTools>
    </form>
  );
}

/** With the square of the group's environment. */
function OfGroup({ card, name }: { card: GroupCard | undefined; name: string }) {
  const text = useText();
  const environments = useCall("environment_list", null).data ?? [];
  const environment = environments.find(({ id }) => id === card?.environment);
  return (
    <span className={css.target}>
      {environment ? (
        <EnvSquare colour={environment.colour} label={environmentWord(environment.name, text)} />
      ) : null}
      {name}
    </span>
  );
}

const NONE: ForwardTarget = { kind: "group", group: "" };

/** Names of the pods of a group, and of the one that is asked for. */
function usePods(group: string | null, target: ForwardTarget | null): string[] {
  const feed = useFeed(
    group === null
      ? null
      : {
          kind: "instance_list",
          group,
          query: {
            from: 0,
            most: PODS,
            text: "",
            health: null,
            share: null,
            sort: null,
            descending: false,
          },
        },
  );
  const known = feed.rows.flatMap((row) => (row.kind === "pod" ? [row.name] : []));
  const asked = target?.kind === "pod" && !known.includes(target.pod) ? [target.pod] : [];
  return [...asked, ...known];
}
