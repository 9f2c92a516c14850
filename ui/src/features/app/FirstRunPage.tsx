import { Link, useNavigate } from "@tanstack/react-router";
import { FileCog, FlaskConical, Layers, Link2, Lock } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { handCode } from "~/app/handover";
import { Logo } from "~/app/Logo";
import { Page } from "~/app/page";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Copyable, cx, Field, Icon, type IconType, StatusMark, Textarea } from "~/kit";
import { AppFields } from "./AppFields";
import css from "./app.module.css";
import { useAppForm } from "./useAppForm";

/** The beginning: one thing to do next, and what this program does and does not do. */
export function FirstRunPage() {
  const text = useText();
  const clusters = useCall("cluster_list", null);
  const names = clusters.data?.map(({ link }) => link.name) ?? [];
  return (
    <Page title={text.frame.page.home} bare>
      <div className={css.first}>
        <Introduction clusters={names} />
        <section className={css.ways}>
          {/* Without an answer about clusters the first step is still the right one to offer. */}
          {clusters.isPending ? null : names.length > 0 ? <FirstApp /> : <FirstCluster />}
        </section>
      </div>
    </Page>
  );
}

function Introduction({ clusters }: { clusters: string[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.app.first;
  const linked = clusters.length > 0;
  return (
    <section className={css.intro}>
      <div className={css.inner}>
        <Logo size={56} />
        <h1>{words.title}</h1>
        <p className={css.lead}>{words.text}</p>
        <p className={css.subtle}>{words.not}</p>
        <ol className={css.steps} aria-label={words.steps}>
          <Step number={1} state={linked ? "done" : "here"} title={words.linkTitle}>
            {linked ? words.linkDone(format.list(clusters)) : words.linkText}
          </Step>
          <Step number={2} state={linked ? "done" : "next"} title={words.lookTitle}>
            {words.lookText}
          </Step>
          <Step number={3} state={linked ? "here" : "next"} title={words.appTitle}>
            {words.appText}
          </Step>
        </ol>
      </div>
    </section>
  );
}

function Step({
  number,
  state,
  title,
  children,
}: {
  number: number;
  state: "done" | "here" | "next";
  title: string;
  children: ReactNode;
}) {
  const text = useText();
  return (
    <li
      className={cx(css.step, state === "here" && css.here)}
      aria-current={state === "here" ? "step" : undefined}
    >
      {state === "done" ? (
        <StatusMark state="ok" size={20} label={text.app.first.done} />
      ) : (
        <span className={css.disc}>{number}</span>
      )}
      <div>
        <strong>{title}</strong>
        <p className={css.subtle}>{children}</p>
      </div>
    </li>
  );
}

function FirstCluster() {
  const text = useText();
  const words = text.app.first;
  const navigate = useNavigate();
  const [code, setCode] = useState("");
  return (
    <div className={css.inner}>
      <Field
        stacked
        label={words.code}
        aside={
          <>
            {words.codeBegins} <code>slw1.</code>
          </>
        }
        hint={words.codeText}
      >
        <Textarea
          mono
          rows={4}
          autoFocus
          autoComplete="off"
          value={code}
          onChange={setCode}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData("text").trim();
            if (!pasted || code.trim()) return;
            event.preventDefault();
            handCode(pasted);
            void navigate({ to: "/clusters", search: { dialog: "link" } });
          }}
        />
      </Field>
      <div>
        <Button
          kind="filled"
          icon={Link2}
          onClick={() => handCode(code.trim())}
          render={<Link to="/clusters" search={{ dialog: "link" }} />}
        >
          {words.enterCode}
        </Button>
      </div>
      <div>
        <h2 className={css.wayHead}>{words.otherWays}</h2>
        <Way
          icon={FileCog}
          title={words.kubeconfig}
          action={
            <Button
              small
              aria-label={`${words.choose} ${words.kubeconfig}`}
              render={<Link to="/clusters" search={{ dialog: "link" }} />}
            >
              {words.choose}
            </Button>
          }
        >
          <p>{words.kubeconfigText}</p>
        </Way>
        <Way icon={FlaskConical} title={words.practice}>
          <p>{words.practiceText}</p>
          <div className={css.command}>
            <Copyable text="cargo xtask run --practice" label={words.practiceCommand} />
          </div>
        </Way>
        <Way
          icon={Layers}
          title={words.later}
          action={
            <Button small render={<Link to="/" search={{ dialog: "app" }} />}>
              {text.app.create}
            </Button>
          }
        >
          <p>{words.laterText}</p>
        </Way>
      </div>
      <p className={css.safe}>
        <Icon of={Lock} size={14} />
        {words.tokens}
      </p>
    </div>
  );
}

function Way({
  icon,
  title,
  action,
  children,
}: {
  icon: IconType;
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={css.way}>
      <Icon of={icon} />
      <div>
        <h3>{title}</h3>
        {children}
      </div>
      {action}
    </div>
  );
}

function FirstApp() {
  const text = useText();
  const words = text.app;
  const navigate = useNavigate();
  const form = useAppForm(
    null,
    (app) => void navigate({ to: "/app/$app/overview", params: { app: app.id } }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.submit();
  };
  return (
    <form className={css.inner} onSubmit={submit}>
      <h2>{words.createTitle}</h2>
      <p className={css.subtle}>{words.createText}</p>
      <AppFields form={form} fixed={false} focus />
      <div>
        <Button kind="filled" type="submit" busy={form.pending}>
          {form.pending ? words.creating : words.create}
        </Button>
      </div>
    </form>
  );
}
