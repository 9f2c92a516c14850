import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import {
  Badge,
  Button,
  ErrorState,
  Field,
  QueryView,
  RadioGroup,
  Skeleton,
  Textarea,
  visible,
} from "~/kit";
import type { ApiError, ContextRow, KubeconfigView, LinkFrom } from "~/wire/types";
import { commandLine, saySignIn } from "./access";
import type { WayProps } from "./CodeWay";
import css from "./cluster.module.css";

/** A context of a kubeconfig on this computer: the default one, or another file. */
export function ContextWay({ begin, ...way }: WayProps & { begin: string | undefined }) {
  const text = useText();
  const words = text.cluster.dialog;
  const query = useCall("cluster_contexts", { kind: "default" });
  const chooseFile = useOrder("cluster_contexts", { quiet: true });
  const [chosen, setChosen] = useState<KubeconfigView | null>(null);

  const other = (
    <Button
      small
      busy={chooseFile.pending}
      disabled={way.pending}
      onClick={() =>
        void chooseFile.run({ kind: "choose_file" }).then((view) => view && setChosen(view))
      }
    >
      {words.chooseFile}
    </Button>
  );
  const list = (view: KubeconfigView) => (
    <Contexts
      view={view}
      begin={begin}
      way={way}
      from={(context) => ({ kind: "kubeconfig", file: context.file, context: context.name })}
    />
  );
  return (
    <>
      {chosen ? (
        list(chosen)
      ) : (
        <QueryView query={query} skeleton={<Skeleton rows={3} />}>
          {list}
        </QueryView>
      )}
      {chooseFile.error ? <ErrorState compact error={chooseFile.error} /> : null}
      <div className={css.buttons}>{other}</div>
    </>
  );
}

/** A kubeconfig put into the page: read once, and gone from it with the answer. */
export function TextWay(way: WayProps) {
  const text = useText();
  const words = text.cluster.dialog;
  const [config, setConfig] = useState("");
  const read = useOrder("cluster_contexts", { quiet: true });
  const [view, setView] = useState<KubeconfigView | null>(null);

  const over = () => {
    setConfig("");
    setView(null);
    read.reset();
  };
  if (view) {
    return (
      <>
        <Contexts
          view={view}
          begin={undefined}
          way={{
            ...way,
            onInspect: async (from) => {
              const preview = await way.onInspect(from);
              if (preview) setConfig("");
              return preview;
            },
          }}
          locked={config === ""}
          from={(context) => ({ kind: "kubeconfig_text", text: config, context: context.name })}
        />
        <div className={css.buttons}>
          <Button small disabled={way.pending} onClick={over}>
            {words.otherText}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <Field stacked label={words.kubeconfigText} hint={words.kubeconfigHint}>
        <Textarea
          mono
          rows={6}
          value={config}
          autoComplete="off"
          invalid={read.error !== null}
          onChange={(value) => {
            read.reset();
            setConfig(value);
          }}
        />
      </Field>
      {read.error ? <ErrorState compact error={read.error} /> : null}
      <div className={css.buttons}>
        <Button
          small
          kind="tint"
          busy={read.pending}
          disabled={config.trim() === ""}
          onClick={() =>
            void read.run({ kind: "text", text: config }).then((found) => found && setView(found))
          }
        >
          {words.read}
        </Button>
      </div>
    </>
  );
}

function Contexts({
  view,
  begin,
  way,
  from,
  locked,
}: {
  view: KubeconfigView;
  begin: string | undefined;
  way: WayProps;
  from: (context: ContextRow) => LinkFrom;
  /** The text behind the list is gone: it can be read, not chosen from. */
  locked?: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.cluster.dialog;
  const keyOf = (context: ContextRow) => `${context.file}\n${context.name}`;
  const [key, setKey] = useState<string | null>(
    () => view.contexts.filter((one) => one.name === begin).map(keyOf)[0] ?? null,
  );
  const chosen = view.contexts.find((context) => keyOf(context) === key);
  // A program runs only after the person has read which one, and said so.
  const asks = chosen?.sign_in.kind === "exec" ? chosen.sign_in : null;

  if (view.contexts.length === 0) return <p className={css.subtle}>{words.noContexts}</p>;
  return (
    <>
      <p className={css.listHead}>
        {words.contexts}{" "}
        <span className={css.subtle}>{words.contextsOf(format.list(view.files))}</span>
      </p>
      <div className={css.contexts}>
        <RadioGroup
          label={words.contexts}
          value={key}
          disabled={way.pending || locked}
          onChange={(next) => {
            setKey(next);
            const context = view.contexts.find((one) => keyOf(one) === next);
            if (context && context.sign_in.kind !== "exec") void way.onInspect(from(context));
          }}
          options={view.contexts.map((context) => ({
            value: keyOf(context),
            label: context.name,
            disabled: context.problem !== null,
            content: (
              <span className={css.context}>
                <strong>{visible(context.name)}</strong>
                {context.current ? <Badge>{words.current}</Badge> : null}
              </span>
            ),
            note: context.problem
              ? sayProblem(context.problem, text)
              : [
                  visible(context.server),
                  words.namespace(visible(context.namespace || "default")),
                  saySignIn(context, text, format),
                ].join(" · "),
          }))}
        />
      </div>
      {chosen && asks ? (
        <div className={css.exec}>
          <p>{words.execTitle}</p>
          <pre>{commandLine(asks.command, asks.args)}</pre>
          <p className={css.subtle}>
            {asks.found ? words.execFound(visible(asks.found)) : words.execMissing} {words.execWhy}
          </p>
          <Button
            small
            kind="tint"
            busy={way.pending}
            disabled={locked}
            onClick={() => void way.onInspect(from(chosen))}
          >
            {words.execAgree(visible(asks.command))}
          </Button>
        </div>
      ) : null}
      {way.error ? <ErrorState compact error={way.error} /> : null}
    </>
  );
}

/** What linking this context would meet, and what to do about it. */
function sayProblem(problem: ApiError, text: ReturnType<typeof useText>): string {
  const { title, why, hints } = sayError(problem, text);
  return [title, ...(why === undefined ? [] : [why]), ...hints].join(" · ");
}
