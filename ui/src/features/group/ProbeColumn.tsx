import { useId } from "react";
import { sayFieldError, useText } from "~/i18n";
import { cx, Field, Input, Segment, Status, Switch } from "~/kit";
import type { CheckKind, GroupDraft } from "~/wire/types";
import { CommandInput, commandPaths } from "./CommandInput";
import css from "./fields.module.css";
import { HttpInput, httpPaths } from "./HttpInput";
import { PairRows, pairPaths } from "./PairsField";
import type { ProbeKey } from "./probes";
import { TrialNote } from "./TrialNote";
import type { GroupForm } from "./useGroupForm";
import type { Trial } from "./useTryNow";

/** The port that a check most likely asks. */
function likelyPort({ ports }: GroupDraft): string {
  const [first] = ports;
  return first?.name.trim() || first?.port.trim() || "";
}

/** One health check: whether there is one, what it asks, and when. */
export function ProbeColumn({
  form,
  probe,
  tries,
  trial,
}: {
  form: GroupForm;
  probe: ProbeKey;
  /** Checks can be tried here. */
  tries: boolean;
  /** What came of trying it. */
  trial: Trial | undefined;
}) {
  const text = useText();
  const words = text.groupForm;
  const wrong = tries && form.wrongOf(probe);
  const id = useId();
  const draft = form.draft[probe];
  const name = words.probe[probe];
  const choose = (kind: CheckKind) => {
    const port = likelyPort(form.draft);
    const { http, tcp } = draft;
    form.set(probe, {
      ...draft,
      kind,
      // Nobody has typed anything for this kind yet.
      http: http.path === "" && http.port === "" ? { ...http, path: "/healthz", port } : http,
      tcp: tcp === "" ? port : tcp,
    });
  };
  return (
    <div className={css.probe} role="group" aria-labelledby={id}>
      <div className={css.probeHead}>
        <Switch
          label={name}
          checked={draft.kind !== "none"}
          onChange={(on) => choose(on ? "http" : "none")}
        />
        <strong id={id}>{name}</strong>
        <span className={css.note}>{words.probeNote[probe]}</span>
      </div>
      {draft.kind === "none" ? (
        <div className={css.off}>
          <Field bare label={name} {...form.fieldProps(`${probe}.kind`)}>
            {words.probeOff[probe]}
          </Field>
        </div>
      ) : (
        <>
          <Segment<CheckKind>
            label={words.kindOf(name)}
            value={draft.kind}
            onChange={choose}
            options={[
              { value: "http", label: "HTTP" },
              { value: "command", label: words.command },
              { value: "tcp", label: "TCP" },
            ]}
          />
          <Asks form={form} probe={probe} />
          <Headers form={form} probe={probe} />
          <Numbers
            form={form}
            probe={probe}
            label={words.timing}
            parts={[
              ["delay_seconds", words.after],
              ["period_seconds", words.every],
              ["timeout_seconds", words.timeLimit],
            ]}
            suffix={words.seconds}
          />
          <Numbers
            form={form}
            probe={probe}
            label={words.inARow}
            parts={[
              ["failure_threshold", words.failsAfter],
              ["success_threshold", words.passesAfter],
            ]}
          />
          <div className={css.trial} aria-live="polite">
            {wrong ? (
              <Status state="aborted" tone="plain">
                {`${text.groupForm.trial.notTried}: ${sayFieldError(wrong, text)}`}
              </Status>
            ) : trial ? (
              <TrialNote trial={trial} />
            ) : null}
          </div>
        </>
      )}
    </div>
  );
}

function Asks({ form, probe }: { form: GroupForm; probe: ProbeKey }) {
  const text = useText();
  const words = text.groupForm;
  const draft = form.draft[probe];
  const name = words.probe[probe];
  switch (draft.kind) {
    case "none":
      return null;
    case "http":
      return (
        <Field
          bare
          label={words.asks}
          {...form.fieldProps(`${probe}.kind`, ...httpPaths(`${probe}.http`))}
        >
          <HttpInput form={form} path={`${probe}.http`} label={name} />
        </Field>
      );
    case "command":
      return (
        <Field
          bare
          label={words.asks}
          {...form.fieldProps(`${probe}.kind`, ...commandPaths(`${probe}.command`, draft.command))}
        >
          <CommandInput
            form={form}
            path={`${probe}.command`}
            label={words.commandOf(name)}
            placeholder="test -f /tmp/started"
          />
        </Field>
      );
    case "tcp":
      return (
        <Field bare label={words.asks} {...form.fieldProps(`${probe}.kind`, `${probe}.tcp`)}>
          <Input
            mono
            placeholder={words.portPlaceholder}
            aria-label={words.portOf(name)}
            {...form.input(`${probe}.tcp`)}
          />
        </Field>
      );
  }
}

function Headers({ form, probe }: { form: GroupForm; probe: ProbeKey }) {
  const words = useText().groupForm;
  const path = `${probe}.http.headers` as const;
  if (form.draft[probe].kind !== "http") return <span className={cx(css.note, css.none)}>–</span>;
  const name = words.probe[probe];
  return (
    <Field bare label={words.headers} {...form.fieldProps(...pairPaths(form, path))}>
      <PairRows
        form={form}
        path={path}
        label={words.headersOf(name)}
        add={words.addHeader}
        addLabel={words.addHeaderTo(name)}
        narrow
      />
    </Field>
  );
}

type NumberPart =
  | "delay_seconds"
  | "period_seconds"
  | "timeout_seconds"
  | "failure_threshold"
  | "success_threshold";

function Numbers({
  form,
  probe,
  label,
  parts,
  suffix,
}: {
  form: GroupForm;
  probe: ProbeKey;
  label: string;
  parts: [NumberPart, string][];
  suffix?: string;
}) {
  const words = useText().groupForm;
  return (
    <Field bare label={label} {...form.fieldProps(...parts.map(([part]) => `${probe}.${part}`))}>
      <div className={css.numbers}>
        {parts.map(([part, word]) => (
          <Input
            key={part}
            className={css.number}
            inputMode="numeric"
            prefix={word}
            suffix={suffix}
            aria-label={words.partOf(words.probe[probe], word)}
            {...form.input(`${probe}.${part}`)}
          />
        ))}
      </div>
    </Field>
  );
}
