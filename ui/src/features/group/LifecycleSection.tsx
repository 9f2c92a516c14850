import type { ReactNode } from "react";
import { useText } from "~/i18n";
import { Field, Input, Section, Segment } from "~/kit";
import type { BeforeStartKind, HookKind } from "~/wire/types";
import { CommandInput, commandPaths } from "./CommandInput";
import { numberOf } from "./draft";
import css from "./fields.module.css";
import { HttpInput, httpPaths } from "./HttpInput";
import { stopParts } from "./lifecycle";
import type { GroupForm } from "./useGroupForm";

/** What runs around the container, in the order in which it does. */
export function LifecycleSection({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  return (
    <Section id="lifecycle" title={words.section.lifecycle} note={words.lifecycleNote}>
      <BeforeStart form={form} />
      <Hook form={form} hook="after_start" />
      <Hook form={form} hook="before_stop" />
      <Grace form={form} />
    </Section>
  );
}

function Line({ kind, children, note }: { kind: ReactNode; children?: ReactNode; note?: string }) {
  return (
    <div className={css.hook}>
      {kind}
      <div>{children}</div>
      <p className={css.note}>{note}</p>
    </div>
  );
}

function BeforeStart({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const { before_start: draft } = form.draft.lifecycle;
  const path = "lifecycle.before_start" as const;
  const label = words.beforeStart;
  const notes: Record<BeforeStartKind, string> = {
    none: "",
    command: words.beforeStartCommand,
    wait: words.beforeStartWait,
  };
  return (
    <Field
      group
      label={label}
      {...form.fieldProps(
        `${path}.kind`,
        `${path}.url`,
        `${path}.seconds`,
        `${path}.image`,
        ...commandPaths(`${path}.command`, draft.command),
      )}
    >
      <Line
        kind={
          <Segment<BeforeStartKind>
            label={words.kindOf(label)}
            value={draft.kind}
            onChange={(kind) => form.set(`${path}.kind`, kind)}
            options={[
              { value: "command", label: words.command },
              { value: "wait", label: words.waitForUrl },
              { value: "none", label: words.none },
            ]}
          />
        }
        note={notes[draft.kind]}
      >
        {draft.kind === "command" ? (
          <CommandInput
            form={form}
            path={`${path}.command`}
            label={words.commandOf(label)}
            placeholder="/export/app/bin/migrate.sh"
          />
        ) : null}
        {draft.kind === "wait" ? (
          <div className={css.wait}>
            <Input
              mono
              placeholder="http://config.shop.svc/ready"
              aria-label={words.waitForUrl}
              {...form.input(`${path}.url`)}
            />
            <Input
              className={css.number}
              inputMode="numeric"
              prefix={words.atMost}
              suffix={words.seconds}
              aria-label={words.partOf(label, words.atMost)}
              {...form.input(`${path}.seconds`)}
            />
            <Input
              className={css.wide}
              mono
              prefix={words.helper}
              placeholder={words.helperImage}
              aria-label={words.helper}
              {...form.input(`${path}.image`)}
            />
          </div>
        ) : null}
      </Line>
    </Field>
  );
}

function Hook({ form, hook }: { form: GroupForm; hook: "after_start" | "before_stop" }) {
  const words = useText().groupForm;
  const draft = form.draft.lifecycle[hook];
  const path = `lifecycle.${hook}` as const;
  const label = words.hook[hook];
  const choose = (kind: HookKind) => {
    const port = form.draft.ports[0];
    const http =
      kind === "http" && draft.http.port === ""
        ? { ...draft.http, port: port?.name.trim() || port?.port.trim() || "" }
        : draft.http;
    form.set(path, { ...draft, kind, http });
  };
  return (
    <Field
      group
      label={label}
      {...form.fieldProps(
        `${path}.kind`,
        ...httpPaths(`${path}.http`),
        ...commandPaths(`${path}.command`, draft.command),
      )}
    >
      <Line
        kind={
          <Segment<HookKind>
            label={words.kindOf(label)}
            value={draft.kind}
            onChange={choose}
            options={[
              { value: "command", label: words.command },
              { value: "http", label: "HTTP" },
              { value: "none", label: words.none },
            ]}
          />
        }
        note={draft.kind === "none" ? "" : words.hookNote[hook]}
      >
        {draft.kind === "command" ? (
          <CommandInput
            form={form}
            path={`${path}.command`}
            label={words.commandOf(label)}
            placeholder={hook === "before_stop" ? "sleep 5" : "/export/app/bin/warm-up.sh"}
          />
        ) : null}
        {draft.kind === "http" ? (
          <HttpInput form={form} path={`${path}.http`} label={label} />
        ) : null}
      </Line>
    </Field>
  );
}

/** From the order to stop until the kill, drawn: what runs before the stop is part of it. */
function Grace({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const { lifecycle } = form.draft;
  const grace = numberOf(lifecycle.grace_period_seconds);
  const parts = grace === null ? null : stopParts(lifecycle.before_stop, grace);
  return (
    <Field group label={words.grace} {...form.fieldProps("lifecycle.grace_period_seconds")}>
      <Line
        kind={
          <Input
            className={css.seconds}
            inputMode="numeric"
            suffix={words.seconds}
            aria-label={words.grace}
            {...form.input("lifecycle.grace_period_seconds")}
          />
        }
        note={
          grace === null || parts === null
            ? ""
            : parts.hook === "none"
              ? words.graceTerm(String(grace))
              : parts.hook === "unknown"
                ? words.graceHook(String(grace))
                : words.graceSleep(String(parts.seconds), String(grace))
        }
      >
        {parts ? (
          <div className={css.grace} aria-hidden="true">
            {parts.seconds > 0 ? (
              <span className={css.hookPart} style={{ flexGrow: parts.seconds }} />
            ) : null}
            {parts.rest > 0 ? <span style={{ flexGrow: parts.rest }} /> : null}
          </div>
        ) : null}
      </Line>
    </Field>
  );
}
