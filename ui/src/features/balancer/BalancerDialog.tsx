import { useCall } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import { Dialog, ErrorState, QueryView, Skeleton, toast } from "~/kit";
import type { BalancerRow, BalancerSaved } from "~/wire/types";
import { BalancerFields } from "./BalancerFields";
import css from "./balancer.module.css";
import { useBalancerForm } from "./useBalancerForm";

/** Makes a load balancer, or changes one. What is saved acts at once where the cluster is in reach. */
export function BalancerDialog({
  app,
  row,
  groups = [],
  onClose,
  onSaved,
}: {
  app: string;
  /** Undefined while it does not exist. */
  row?: BalancerRow | undefined;
  /** Chosen already for a new one. */
  groups?: string[];
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.balancer.form;
  const say = useSaySaved();
  const begun = useCall("balancer_new", { app, groups }, { enabled: row === undefined });
  const base = row?.draft ?? begun.data;
  const form = useBalancerForm({
    app,
    id: row?.id ?? null,
    base,
    onSaved: (saved, draft) => {
      say(saved, draft.name.trim());
      onSaved(saved.id);
      onClose();
    },
  });
  const doing = row ? words.saving : words.creating;
  return (
    <Dialog
      open
      onClose={onClose}
      title={row ? text.balancer.editTitle(row.draft.name) : text.balancer.newTitle}
      width={700}
      waits={base === undefined}
      facts={form.wrong > 0 ? words.fields(format.number(form.wrong)) : words.acts}
      action={{
        label: form.pending ? doing : row ? words.save : words.create,
        busy: form.pending,
        onAction: form.save,
      }}
    >
      {base ? (
        <BalancerFields
          app={app}
          form={form}
          nameFixed={row?.places.some(({ state }) => state !== "new") ?? false}
        />
      ) : (
        <QueryView query={begun} skeleton={<Skeleton rows={6} />}>
          {() => null}
        </QueryView>
      )}
      {form.error ? (
        <div className={css.failed}>
          <ErrorState compact error={form.error} />
        </div>
      ) : null}
    </Dialog>
  );
}

/** Says where it is by now, and where it waits. */
function useSaySaved() {
  const text = useText();
  return (saved: BalancerSaved, name: string) => {
    const failed = saved.attempts.find(({ error }) => error !== null);
    if (!failed?.error) {
      toast({ state: "ok", title: text.balancer.applied(name) });
      return;
    }
    toast({
      state: "pending",
      title: text.balancer.waits(failed.cluster),
      text: sayError(failed.error, text).title,
    });
  };
}
