import { useEffect, useState } from "react";
import { useCall, useOrder } from "~/data";
import { environmentWord, sayFieldError, useFormat, useText } from "~/i18n";
import {
  Button,
  Checkbox,
  Dialog,
  EnvTag,
  ErrorState,
  Facts,
  Field,
  Input,
  Select,
  Skeleton,
  StatusMark,
  toast,
  visible,
} from "~/kit";
import type {
  App,
  Candidate,
  ClusterLink,
  Environment,
  GroupCard,
  GroupDraft,
  HeldField,
  TakeoverPreview,
} from "~/wire/types";
import { Pods } from "./AdoptList";
import { Becomes, Untouched } from "./AdoptParts";
import { proposedEnvironment, proposedName } from "./adopt";
import css from "./adopt.module.css";

/** Fields that are typed here; everything else is the Deployment's. */
const OWN = ["name", "environment", "link"];

interface Of {
  app: App;
  cards: readonly GroupCard[];
  link: ClusterLink;
  environments: readonly Environment[];
  workload: string;
  onBack: () => void;
  onClose: () => void;
  onDone: (group: string) => void;
}

/** What becomes of a Deployment, before anything is written. */
export function AdoptPreview({
  app,
  cards,
  link,
  environments,
  workload,
  onBack,
  onClose,
  onDone,
}: Of) {
  const [container, setContainer] = useState<string | null>(null);
  // What the cluster says does not depend on what is typed: it is asked once for each container.
  const query = useCall(
    "takeover_preview",
    {
      app: app.id,
      link: link.id,
      workload,
      container,
      name: "",
      environment: "",
      force: false,
    },
    { keep: true },
  );
  const { refetch } = query;
  useEffect(() => void refetch(), [refetch]);
  const preview = query.error ? undefined : query.data;
  const text = useText();
  const words = text.adopt;
  const [name, setName] = useState(() => proposedName(workload, app.slug));
  // The app's groups may come after the dialog: until somebody chooses, what they say by now is proposed.
  const [picked, setEnvironment] = useState<string | null>(null);
  const environment = picked ?? proposedEnvironment(cards, link.id);
  const [force, setForce] = useState(false);
  const typed = name.trim();
  const checked = useCall(
    "group_check",
    {
      app: app.id,
      id: null,
      draft: {
        ...(preview?.draft as GroupDraft),
        name: typed,
        environment: environment ?? "",
        link: link.id,
      },
    },
    { keep: true, enabled: preview !== undefined },
  );
  const start = useOrder("takeover_start", {
    quiet: true,
    onDone: (group) => {
      toast({ state: "ok", title: words.adopted(typed), text: words.adoptedText });
      onDone(group);
    },
  });
  const own = (checked.data ?? []).filter(({ field }) => OWN.includes(field));
  const refused = start.error?.fields.find(({ field }) => OWN.includes(field));
  const wrong = (field: string) => {
    const found = own.find((one) => one.field === field);
    // An empty field says by itself that something is missing.
    if (found?.code === "required") return {};
    const shown = found ?? (refused?.field === field ? refused : undefined);
    return shown ? { error: sayFieldError(shown, text) } : {};
  };
  const chosen = environments.find(({ id }) => id === environment);
  const held = preview?.conflicts ?? [];
  const why =
    typed === ""
      ? words.nameFirst
      : environment === null
        ? words.environmentFirst
        : held.length > 0 && !force
          ? words.heldFirst
          : false;
  const containers = preview?.candidate.containers ?? [];
  return (
    <Dialog
      open
      width={760}
      onClose={onClose}
      title={words.titleOf(workload)}
      description={words.from(link.name, link.namespace)}
      waits={preview === undefined}
      facts={preview ? <Consequences preview={preview} /> : undefined}
      more={
        <Button kind="ghost" onClick={onBack}>
          {words.another}
        </Button>
      }
      action={{
        label: start.pending
          ? words.adopting
          : typed === ""
            ? words.adopt
            : words.adoptAs(visible(typed)),
        kind: chosen?.protected ? "production" : "filled",
        busy: start.pending,
        disabled: own.length > 0,
        notYet: why,
        onAction: () =>
          preview &&
          void start.run({
            app: app.id,
            link: link.id,
            workload,
            container: preview.container,
            name: typed,
            environment: environment ?? "",
            force,
          }),
      }}
    >
      {preview ? (
        <>
          <div className={css.head}>
            <Field stacked label={words.name} {...wrong("name")}>
              <Input mono value={name} onChange={setName} />
            </Field>
            <Field stacked label={text.group.environment} {...wrong("environment")}>
              <Select
                value={environment}
                onChange={setEnvironment}
                placeholder={words.chooseEnvironment}
                options={environments.map((one) => ({
                  value: one.id,
                  label: environmentWord(one.name, text),
                  content: <EnvTag colour={one.colour}>{environmentWord(one.name, text)}</EnvTag>,
                }))}
              />
            </Field>
            <Made candidate={preview.candidate} />
            {containers.length > 1 ? (
              <Field stacked label={words.container}>
                <Select
                  value={preview.container}
                  onChange={setContainer}
                  options={containers.map((one) => ({
                    value: one.name,
                    label: one.name,
                    note: one.image.slice(one.image.lastIndexOf("/") + 1),
                  }))}
                />
              </Field>
            ) : null}
          </div>
          <div className={css.columns}>
            <Becomes draft={preview.draft} errors={preview.errors} />
            <Untouched preview={preview} />
          </div>
          <Mend preview={preview} />
          {held.length > 0 ? <Held held={held} force={force} onForce={setForce} /> : null}
        </>
      ) : query.error ? (
        <ErrorState compact error={query.error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} />
      )}
      {start.error && !refused ? <ErrorState compact error={start.error} /> : null}
    </Dialog>
  );
}

function Made({ candidate }: { candidate: Candidate }) {
  const text = useText();
  const format = useFormat();
  const words = text.adopt;
  const who = (manager: string, at: string | null) =>
    [manager === "" ? words.unknownManager : visible(manager), at ? format.dateTime(at) : ""]
      .filter(Boolean)
      .join(", ");
  return (
    <div className={css.made}>
      <Facts
        items={[
          { label: words.madeBy, value: who(candidate.made_by, candidate.made) },
          { label: words.changed, value: who(candidate.changed_by, candidate.changed) },
          { label: words.runs, value: <Pods count={candidate.count} ready={candidate.ready} /> },
        ]}
      />
    </div>
  );
}

function Consequences({ preview }: { preview: TakeoverPreview }) {
  const format = useFormat();
  const words = useText().adopt;
  return (
    <span>
      <strong>{words.now}</strong> {words.nowText(format.number(preview.labels.length))}
      <br />
      <strong>{words.first}</strong> {words.firstText(format.number(preview.candidate.count))}
    </span>
  );
}

/** What the form would refuse of what runs: it can be adopted, and is corrected before the first release. */
function Mend({ preview }: { preview: TakeoverPreview }) {
  const text = useText();
  const format = useFormat();
  const errors = preview.errors.filter(({ field }) => !OWN.includes(field));
  if (errors.length === 0) return null;
  return (
    <div className={css.warning} role="status">
      <StatusMark state="warn" size={14} />
      <div>
        <strong>{text.adopt.mend(format.number(errors.length))}</strong>
        <ul>
          {errors.map((error) => (
            <li key={error.field}>
              <code>{error.field}</code> {sayFieldError(error, text)}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Somebody else holds what would be written: nothing is taken from them without asking. */
function Held({
  held,
  force,
  onForce,
}: {
  held: readonly HeldField[];
  force: boolean;
  onForce: (force: boolean) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.adopt;
  const fields = held.map(({ field }) => visible(field.replace(/^\./, "")));
  const managers = [...new Set(held.map(({ manager }) => visible(manager)))];
  return (
    <div className={css.warning} role="status">
      <StatusMark state="warn" size={14} />
      <div>
        <strong>{words.held(format.list(fields), format.list(managers))}</strong> {words.heldText}
        <div className={css.take}>
          <Checkbox checked={force} onChange={onForce}>
            {words.takeHeld}
          </Checkbox>
        </div>
      </div>
    </div>
  );
}
