import { createContext, type ReactNode, useContext, useId } from "react";
import { Button } from "./Button";
import { cx } from "./cx";
import css from "./Field.module.css";
import { StatusMark } from "./StatusMark";

interface FieldIds {
  control: string;
  describedBy: string | undefined;
  invalid: boolean;
}

const FieldContext = createContext<FieldIds | null>(null);

/** What a control inside a Field takes over: its id, its error, its description. */
export function useFieldProps(own?: { id?: string | undefined; invalid?: boolean | undefined }) {
  const field = useContext(FieldContext);
  return {
    id: own?.id ?? field?.control,
    "aria-describedby": field?.describedBy,
    "aria-invalid": own?.invalid || field?.invalid || undefined,
  };
}

export interface FieldProps {
  label: ReactNode;
  children: ReactNode;
  /** A sentence under the control. */
  hint?: ReactNode;
  /** One sentence: what is wrong. */
  error?: ReactNode;
  warning?: ReactNode;
  /** A way to mend the error at once. */
  fix?: { label: string; onFix: () => void } | undefined;
  /** What this was before, with a way back; draws the amber edge. */
  changed?: { was: ReactNode; undo: string; onUndo: () => void } | undefined;
  /** Label above the control instead of in the column of 112 px. */
  stacked?: boolean | undefined;
  /** At the right end of a stacked label. */
  aside?: ReactNode;
  /** Several controls under one label: a group instead of a label for one. */
  group?: boolean | undefined;
  /** A group whose label is said, not drawn: in a table of fields. */
  bare?: boolean | undefined;
}

export function Field({
  label,
  children,
  hint,
  error,
  warning,
  fix,
  changed,
  stacked,
  aside,
  group,
  bare,
}: FieldProps) {
  const control = useId();
  const text = useId();
  const described = error || warning || hint || changed ? text : undefined;
  const labelId = `${control}-label`;
  return (
    <FieldContext
      value={group || bare ? null : { control, describedBy: described, invalid: Boolean(error) }}
    >
      <div
        data-field=""
        className={cx(css.field, stacked && css.stacked, bare && css.bare, changed && css.changed)}
      >
        {bare ? null : group ? (
          <span className={css.label} id={labelId}>
            {label}
          </span>
        ) : (
          <span className={css.label}>
            <label htmlFor={control}>{label}</label>
            {aside ? <span className={css.aside}>{aside}</span> : null}
          </span>
        )}
        <div
          className={css.body}
          {...(group || bare
            ? {
                role: "group",
                ...(bare ? { "aria-label": String(label) } : { "aria-labelledby": labelId }),
                "aria-describedby": described,
              }
            : {})}
        >
          {children}
          {described ? (
            <div id={text} className={css.texts}>
              {error ? (
                <p className={css.error}>
                  <StatusMark state="danger" />
                  <span>{error}</span>
                  {fix ? (
                    <Button kind="link" onClick={fix.onFix}>
                      {fix.label}
                    </Button>
                  ) : null}
                </p>
              ) : null}
              {warning ? (
                <p className={css.warning}>
                  <StatusMark state="warn" />
                  <span>{warning}</span>
                </p>
              ) : null}
              {changed ? (
                <p className={css.warning}>
                  <StatusMark state="pending" />
                  <span>{changed.was}</span>
                  <Button kind="link" onClick={changed.onUndo}>
                    {changed.undo}
                  </Button>
                </p>
              ) : null}
              {hint ? <p className={css.hint}>{hint}</p> : null}
            </div>
          ) : null}
        </div>
      </div>
    </FieldContext>
  );
}

/** A part of a form: heading row of 40 px, split from the one before by a hairline. */
export function Section({
  title,
  note,
  actions,
  children,
  id,
}: {
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  id?: string | undefined;
}) {
  const own = useId();
  return (
    <section className={css.section} aria-labelledby={own} id={id}>
      <div className={css.heading}>
        <h2 id={own}>{title}</h2>
        {note ? <span className={css.note}>{note}</span> : null}
        {actions ? <span className={css.actions}>{actions}</span> : null}
      </div>
      {children ? <div className={css.fields}>{children}</div> : null}
    </section>
  );
}

/** Controls beside each other inside a Field. */
export function Row({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx(css.row, className)}>{children}</div>;
}
