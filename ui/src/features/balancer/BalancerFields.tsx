import { Plus, X } from "lucide-react";
import { useCall } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Button, Checkbox, EnvTag, Field, IconButton, Input, Segment, Select } from "~/kit";
import type { BalancerKind, BalancerPortDraft, GroupCard, Protocol } from "~/wire/types";
import css from "./balancer.module.css";
import type { BalancerForm } from "./useBalancerForm";

const kinds: BalancerKind[] = ["LoadBalancer", "NodePort", "ClusterIP"];
const protocols: Protocol[] = ["TCP", "UDP", "SCTP"];
const parts = ["name", "port", "target", "node_port"] as const;

/** Name, type, ports and groups. */
export function BalancerFields({
  app,
  form,
  nameFixed,
}: {
  app: string;
  form: BalancerForm;
  nameFixed: boolean;
}) {
  const text = useText();
  const words = text.balancer.form;
  const name = form.fieldProps("name");
  return (
    <div className={css.form}>
      <Field
        label={words.name}
        hint={nameFixed ? words.nameFixed : words.nameHint}
        error={name.error}
        fix={
          name.fixTo === undefined
            ? undefined
            : {
                label: words.fixWith(name.fixTo),
                onFix: () => form.set("name", name.fixTo ?? ""),
              }
        }
      >
        <Input
          mono
          value={form.draft.name}
          disabled={nameFixed}
          onChange={(value) => form.set("name", value)}
        />
      </Field>
      <Field group label={words.kind} hint={text.balancer.kindText[form.draft.kind]}>
        <Segment<BalancerKind>
          label={words.kind}
          value={form.draft.kind}
          onChange={(kind) => form.set("kind", kind)}
          options={kinds.map((kind) => ({ value: kind, label: text.balancer.kindName[kind] }))}
        />
      </Field>
      <Ports form={form} />
      <Groups app={app} form={form} />
    </div>
  );
}

function Ports({ form }: { form: BalancerForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.balancer.form;
  const { ports, kind } = form.draft;
  const paths = ports.flatMap((_, at) => parts.map((part) => `ports.${at}.${part}`));
  const wrong = form.fieldProps("ports", ...paths);
  const open = kind !== "ClusterIP";
  const hasNodePort = open || ports.some(({ node_port }) => node_port.trim() !== "");
  const fix = wrong.errorPath?.split(".");
  return (
    <Field
      group
      label={words.ports}
      error={wrong.error}
      fix={
        wrong.fixTo === undefined || fix === undefined
          ? undefined
          : {
              label: words.fixWith(wrong.fixTo),
              onFix: () =>
                form.setPort(Number(fix[1]), fix[2] as keyof BalancerPortDraft, wrong.fixTo ?? ""),
            }
      }
    >
      <div className={css.stack}>
        <div className={css.port} data-node-port={hasNodePort || undefined} aria-hidden="true">
          <span>{words.portName}</span>
          <span>{words.port}</span>
          <span>{words.target}</span>
          {hasNodePort ? <span>{words.nodePort}</span> : null}
          <span>{words.protocol}</span>
        </div>
        {ports.map((port, at) => {
          const row = format.number(at + 1);
          const input = (part: (typeof parts)[number], label: string, placeholder: string) => (
            <Input
              mono
              value={port[part]}
              placeholder={placeholder}
              aria-label={words.partOf(row, label)}
              invalid={form.isWrong(`ports.${at}.${part}`)}
              onChange={(value) => form.setPort(at, part, value)}
            />
          );
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a port has no identity but its place
            <div key={at} className={css.port} data-node-port={hasNodePort || undefined}>
              {input("name", words.portName, ports.length > 1 ? "http" : "–")}
              {input("port", words.port, "80")}
              {input("target", words.target, port.port || words.targetSame)}
              {hasNodePort ? input("node_port", words.nodePort, words.nodePortAuto) : null}
              <Select<Protocol>
                label={words.partOf(row, words.protocol)}
                value={port.protocol}
                onChange={(value) => form.setPort(at, "protocol", value)}
                options={protocols.map((value) => ({ value, label: value }))}
              />
              <IconButton
                icon={X}
                label={words.removePort(row)}
                onClick={() => form.removePort(at)}
              />
            </div>
          );
        })}
        <div>
          <Button small kind="ghost" icon={Plus} onClick={form.addPort}>
            {words.addPort}
          </Button>
        </div>
      </div>
    </Field>
  );
}

function Groups({ app, form }: { app: string; form: BalancerForm }) {
  const text = useText();
  const words = text.balancer.form;
  const groups = useCall("group_list", app).data ?? [];
  const environments = useCall("environment_list", null).data ?? [];
  const chosen = form.draft.groups;
  const wrong = form.fieldProps(...chosen.map((_, at) => `groups.${at}`));
  // One that is gone from here can only be taken away.
  const gone = chosen.filter((id) => !groups.some((group) => group.id === id));
  const toggle = (id: string, on: boolean) =>
    form.set("groups", on ? [...chosen, id] : chosen.filter((one) => one !== id));
  const links = groups.filter(({ id }) => chosen.includes(id)).map(({ link }) => link);
  const several = new Set(links).size < links.length;
  const columns = environments.toSorted((a, b) => a.order - b.order);
  return (
    <Field
      group
      label={words.groups}
      hint={groups.length === 0 ? words.noGroupsYet : words.groupsHint}
      warning={several ? words.several : undefined}
      error={wrong.error}
    >
      <div className={css.groups}>
        {columns.map((environment) => {
          const own = groups.filter((group) => group.environment === environment.id);
          if (own.length === 0) return null;
          return (
            <div key={environment.id} className={css.environment}>
              <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
              {own.map((group: GroupCard) => (
                <Checkbox
                  key={group.id}
                  checked={chosen.includes(group.id)}
                  onChange={(on) => toggle(group.id, on)}
                >
                  {group.name} <span className={css.beside}>{group.link_name ?? "–"}</span>
                </Checkbox>
              ))}
            </div>
          );
        })}
        {gone.map((id) => (
          <Checkbox key={id} checked onChange={(on) => toggle(id, on)}>
            <code className={css.mono}>{id}</code>
          </Checkbox>
        ))}
      </div>
    </Field>
  );
}
