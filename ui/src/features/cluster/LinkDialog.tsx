import { ClipboardList, FileCode, KeyRound, Lock } from "lucide-react";
import { useEffect, useState } from "react";
import { ask, useCall, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import {
  Button,
  Dialog,
  ErrorState,
  Field,
  Icon,
  Input,
  Ring,
  Segment,
  StatusMark,
  toast,
} from "~/kit";
import type { ClusterRow, LinkFrom, LinkPreview } from "~/wire/types";
import { CodeWay } from "./CodeWay";
import { ContextWay, TextWay } from "./ContextWay";
import css from "./cluster.module.css";
import { Preview } from "./Preview";

type Way = "code" | "context" | "text";

/**
 * Links a cluster, or gives a linked one a new credential. Nothing is saved before *Link*; a secret stands in the page
 * only until the core has looked at it.
 */
export function LinkDialog({ again, onClose }: { again: ClusterRow | null; onClose: () => void }) {
  const text = useText();
  const words = text.cluster.dialog;
  const rows = useCall("cluster_list", null);
  const about = useCall("setting_about", null);
  const source = again?.link.source;
  const [way, setWay] = useState<Way>(source?.kind === "kubeconfig" ? "context" : "code");
  const [preview, setPreview] = useState<LinkPreview | null>(null);
  const [name, setName] = useState("");
  const inspect = useOrder("cluster_inspect", { quiet: true });
  const link = useOrder("cluster_link", {
    quiet: true,
    onDone: () => {
      toast({ state: "ok", title: words.linked(name.trim()) });
      onClose();
    },
  });

  const onInspect = async (from: LinkFrom): Promise<LinkPreview | undefined> => {
    setPreview(null);
    link.reset();
    const seen = await inspect.run(from);
    if (seen) {
      setPreview(seen);
      setName(seen.replaces ?? seen.name);
    }
    return seen;
  };
  const onWay = (next: Way) => {
    setWay(next);
    setPreview(null);
    inspect.reset();
    link.reset();
  };

  const wanted = name.trim();
  const taken =
    rows.data?.some((row) => row.link.name === wanted && row.link.name !== preview?.replaces) ??
    false;
  // Somebody else, or another window, may have been quicker.
  const refused = link.error?.fields.find((one) => one.field === "name");
  const nameError =
    preview === null
      ? undefined
      : wanted === ""
        ? text.cluster.nameEmpty
        : taken
          ? text.cluster.nameTaken(wanted)
          : refused && sayFieldError(refused, text);
  // What the person ended is no error.
  const error = inspect.error?.code === "dismissed" ? null : inspect.error;
  const shared = { pending: inspect.pending, error, onInspect };
  // A program that signs in does not outlive the dialog it was run for.
  useEffect(() => stopInspecting, []);

  return (
    <Dialog
      open
      onClose={onClose}
      width={700}
      title={again ? words.titleAgain(again.link.name) : words.title}
      description={again ? words.nothingSavedAgain : words.nothingSaved}
      facts={
        <>
          <Icon of={Lock} size={14} />
          {way === "context"
            ? words.fileStays
            : about.data?.keyring.state === "memory_only"
              ? words.memory
              : words.keyring}
        </>
      }
      action={{
        label: link.pending ? words.linking : wanted ? words.linkName(wanted) : words.linkBare,
        busy: link.pending,
        disabled: nameError !== undefined,
        notYet: preview === null ? words.checkFirst : false,
        onAction: () => {
          if (preview) void link.run({ token: preview.token, name: wanted });
        },
      }}
    >
      <Segment
        label={words.way}
        value={way}
        onChange={onWay}
        disabled={inspect.pending}
        options={[
          { value: "code", label: words.byCode, icon: KeyRound },
          { value: "context", label: words.byContext, icon: FileCode },
          { value: "text", label: words.byText, icon: ClipboardList },
        ]}
      />
      <div className={css.way}>
        {way === "code" ? <CodeWay {...shared} done={preview !== null} /> : null}
        {way === "context" ? (
          <ContextWay
            {...shared}
            begin={source?.kind === "kubeconfig" ? source.context : undefined}
          />
        ) : null}
        {way === "text" ? <TextWay {...shared} /> : null}
      </div>
      {inspect.pending ? (
        <p className={css.checking} role="status">
          <Ring />
          {words.checking}
          <Button small onClick={stopInspecting}>
            {text.common.cancel}
          </Button>
        </p>
      ) : null}
      {preview ? (
        <>
          {preview.replaces !== null && preview.replaces !== again?.link.name ? (
            <Notice>{words.replaces(preview.replaces)}</Notice>
          ) : null}
          {again && preview.replaces !== again.link.name ? (
            <Notice>{words.otherNamespace(again.link.name)}</Notice>
          ) : null}
          <div className={css.nameField}>
            <Field stacked label={text.cluster.name} error={nameError}>
              <Input
                value={name}
                onChange={(value) => {
                  link.reset();
                  setName(value);
                }}
                maxLength={100}
              />
            </Field>
          </div>
          <Preview preview={preview} fromCode={way === "code"} />
        </>
      ) : null}
      {link.error && !refused ? <ErrorState compact error={link.error} /> : null}
    </Dialog>
  );
}

function stopInspecting(): void {
  // It may have ended by itself.
  void ask("cluster_inspect_stop", null).catch(() => {});
}

function Notice({ children }: { children: string }) {
  return (
    <p className={css.notice}>
      <StatusMark state="warn" />
      {children}
    </p>
  );
}
