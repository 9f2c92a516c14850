import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { afterRemoval, errorOf, type Touched, touch, untouched, useSettled } from "~/kit/form";
import type { BalancerDraft, BalancerPortDraft, BalancerSaved, FieldError } from "~/wire/types";

const CHECK_AFTER_MS = 200;
const NOTHING: BalancerDraft = { name: "", kind: "ClusterIP", ports: [], groups: [] };

/** A load balancer as typed, until it is saved. */
export function useBalancerForm({
  app,
  id,
  base,
  onSaved,
}: {
  app: string;
  /** Null while it does not exist. */
  id: string | null;
  /** Undefined until it is known. */
  base: BalancerDraft | undefined;
  onSaved: (saved: BalancerSaved, draft: BalancerDraft) => void;
}) {
  const text = useText();
  const [typed, setDraft] = useState<BalancerDraft | null>(null);
  const draft = typed ?? base ?? NOTHING;
  const [touched, setTouched] = useState<Touched>(untouched);
  const settled = useSettled(draft, CHECK_AFTER_MS);
  const check = useCall(
    "balancer_check",
    { app, id, draft: settled },
    { keep: true, enabled: settled !== NOTHING },
  );
  const options = {
    quiet: true,
    onDone: (saved: BalancerSaved, payload: { draft: BalancerDraft }) =>
      onSaved(saved, payload.draft),
  };
  const create = useOrder("balancer_create", options);
  const update = useOrder("balancer_update", options);
  const order = id === null ? create : update;
  const refused = order.error?.code === "invalid" ? order.error.fields : [];
  // A refusal is of this very draft, and the cluster was asked for it, too.
  const errors: FieldError[] = refused.length > 0 ? refused : (check.data ?? []);
  const forget = () => {
    create.reset();
    update.reset();
  };
  const put = (next: BalancerDraft, path: string) => {
    forget();
    setDraft(next);
    setTouched(touch(touched, path));
  };
  return {
    draft,
    pending: order.pending,
    /** What no field can say. */
    error: order.error && refused.length === 0 ? order.error : null,
    wrong: touched.all ? errors.length : 0,
    set: <Key extends keyof BalancerDraft>(key: Key, value: BalancerDraft[Key]) =>
      put({ ...draft, [key]: value }, key),
    setPort: (at: number, part: keyof BalancerPortDraft, value: string) =>
      put(
        {
          ...draft,
          ports: draft.ports.map((port, index) =>
            index === at ? { ...port, [part]: value } : port,
          ),
        },
        `ports.${at}.${part}`,
      ),
    addPort: () =>
      put(
        {
          ...draft,
          ports: [
            ...draft.ports,
            { name: "", port: "", target: "", node_port: "", protocol: "TCP" },
          ],
        },
        "ports",
      ),
    removePort: (at: number) => {
      forget();
      setDraft({ ...draft, ports: draft.ports.filter((_, index) => index !== at) });
      setTouched(afterRemoval(touched, "ports", at));
    },
    /** What a `Field` needs to say what is wrong with one of these paths, the first that is. */
    fieldProps: (...paths: string[]) => {
      const error = paths.map((path) => errorOf(errors, touched, path)).find(Boolean);
      return {
        error: error ? sayFieldError(error, text) : undefined,
        errorPath: error?.field,
        fixTo: error?.fix ?? undefined,
      };
    },
    isWrong: (path: string) => errorOf(errors, touched, path) !== undefined,
    save: () => {
      setTouched({ ...touched, all: true });
      if (id === null) void create.run({ app, draft });
      else void update.run({ id, draft });
    },
  };
}

export type BalancerForm = ReturnType<typeof useBalancerForm>;
