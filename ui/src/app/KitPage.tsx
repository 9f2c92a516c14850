import {
  ArrowUpRight,
  FileCode,
  LogOut,
  Network,
  Plus,
  ScrollText,
  SquareTerminal,
} from "lucide-react";
import { useState } from "react";
import * as kit from "~/kit";
import { Code } from "./KitCode";
import { Bars, Buttons, Choices, Inputs, Rows } from "./KitControls";
import css from "./KitPage.module.css";
import { Part } from "./KitPart";
import { Logo } from "./Logo";

/** All controls on one sheet, for development builds. Its words are examples, not messages. */
export default function KitPage() {
  return (
    <main className={css.sheet}>
      <div>
        <header className={css.head}>
          <Logo size={32} />
          <div>
            <h1>Slipway kit</h1>
            <p>All controls, one theme</p>
          </div>
        </header>
        <Colours />
        <Marks />
        <Pods />
        <Progress />
      </div>
      <div>
        <Buttons />
        <Inputs />
        <Choices />
        <Rows />
        <Bars />
      </div>
      <div>
        <Overlays />
        <States />
        <Texts />
        <Code />
      </div>
    </main>
  );
}

const colours = [
  ["canvas", "surface", "surface-raised", "surface-sunken", "hover", "selected"],
  ["accent-fill", "status-ok", "status-warn-mark", "status-danger", "status-idle", "border-strong"],
  ["env-dev", "env-test", "env-staging", "env-prod-fill", "ver-old", "ver-new"],
];

function Colours() {
  return (
    <>
      <Part title="Colour by meaning">
        <div className={css.swatches}>
          {colours.flat().map((name) => (
            <span key={name}>
              <i style={{ background: `var(--${name})` }} />
              {name}
            </span>
          ))}
        </div>
      </Part>
      <Part title="Type">
        <p className={css.line}>
          <b style={{ font: "600 24px/32px var(--font)" }}>24/32</b>
          <b style={{ font: "600 18px/24px var(--font)" }}>18/24 Title</b>
          <b style={{ font: "600 15px/20px var(--font)" }}>15/20 Page</b>
        </p>
        <p className={css.line}>
          <span>13/20 Body</span>
          <span style={{ fontWeight: 500 }}>13/20 Medium</span>
          <b style={{ fontWeight: 600 }}>13/20 Strong</b>
          <code>12/20 mono 0O1lI</code>
        </p>
      </Part>
    </>
  );
}

function Marks() {
  const { Status } = kit;
  return (
    <Part title="Status marks: shape, colour, word">
      <div className={css.marks}>
        <Status state="ok" tone="state">
          Running
        </Status>
        <Status state="rolling">Rolling out</Status>
        <Status state="resting">Resting</Status>
        <Status state="warn">Memory 91 %</Status>
        <Status state="danger">CrashLoopBackOff</Status>
        <Status state="idle">Not begun</Status>
        <Status state="pending">2 changes</Status>
        <Status state="aborted">Aborted</Status>
        <Status state="stale">As of 12:03</Status>
      </div>
      <kit.PastResults
        results={(
          [
            "ok",
            "aborted",
            "ok",
            "ok",
            "danger",
            "rolledback",
            "ok",
            "ok",
            "ok",
            "rolling",
          ] as const
        ).map((state) => ({ state, label: state }))}
      />
    </Part>
  );
}

const some = (state: kit.CellState, count: number): kit.Pod[] =>
  Array.from({ length: count }, () => ({ state }));

function Pods() {
  const { PodCell, PodCells, EnvTag, VersionTag, VersionChange, PodName } = kit;
  return (
    <>
      <Part title="Pod cells">
        <div className={css.row}>
          {(["old", "new", "unready", "failing", "unknown"] as const).map((state) => (
            <span key={state} className={css.row}>
              <PodCell state={state} size="large" />
              <small>{state}</small>
            </span>
          ))}
        </div>
        <div className={css.row}>
          <PodCells pods={[...some("old", 5), ...some("new", 4), ...some("unready", 1)]} />
          9/10 ready
          <PodCells pods={[...some("old", 20), ...some("new", 10)]} />
        </div>
        <PodCells pods={[...some("old", 60), ...some("new", 38), ...some("failing", 2)]} />
        <PodCells
          size="named"
          pods={[
            { state: "new", name: "x-58d4c9c7f6-b8xqn" },
            { state: "unready", name: "x-58d4c9c7f6-g2fsm" },
            { state: "failing", name: "x-58d4c9c7f6-hv7qd" },
            { state: "old", name: "x-7f54c6d8b9-2ktrw" },
          ]}
        />
        <div className={css.row}>
          <PodName name="checkout-api-58d4c9c7f6-b8xqn" />
          <VersionTag version="2.14.0" role="new" />
          <VersionTag version="2.13.4" />
          <VersionChange from="2.13.4" to="2.14.0" moving />
        </div>
      </Part>
      <Part title="Environment tags">
        <div className={css.row}>
          <EnvTag colour="dev">Development</EnvTag>
          <EnvTag colour="test">Test</EnvTag>
          <EnvTag colour="staging">Staging</EnvTag>
          <EnvTag colour="prod">Production</EnvTag>
        </div>
        <div className={css.row}>
          <EnvTag colour="dev">开发</EnvTag>
          <EnvTag colour="test">测试</EnvTag>
          <EnvTag colour="staging">预发</EnvTag>
          <EnvTag colour="prod">生产</EnvTag>
          <kit.EnvSquare colour="prod" label="Production" /> prod-bj-1
        </div>
      </Part>
    </>
  );
}

function Progress() {
  return (
    <Part title="Progress">
      <kit.Stages
        label="Stages"
        stages={[
          { key: "p", name: "Plan", state: "ok", note: "21:58" },
          { key: "f", name: "Preflight", state: "ok", note: "6 of 6" },
          { key: "1", name: "Batch 1", state: "resting", note: "rests" },
          { key: "2", name: "Batch 2", state: "idle", note: "5 pods" },
          { key: "c", name: "Commit", state: "idle" },
        ]}
      />
      <kit.Timeline
        label="Timeline"
        entries={[
          { key: "1", state: "resting", time: "22:11", title: "Rests after batch 2", strong: true },
          {
            key: "2",
            state: "ok",
            time: "22:08",
            title: "Batch 2 begun",
            text: "approved by Li Hua · “errors flat”",
          },
        ]}
      />
      <kit.ProgressBar label="Quota" used={34} value={12} of={80} />
      <kit.Stepper
        label="Steps"
        current="2"
        onGo={() => {}}
        steps={[
          { key: "1", name: "Basics", done: true },
          { key: "2", name: "Load balancers", note: "optional" },
          { key: "3", name: "Files" },
        ]}
      />
    </Part>
  );
}

function Overlays() {
  const [dialog, setDialog] = useState(false);
  const [typed, setTyped] = useState("prod-gz");
  return (
    <Part title="Dialog, menu, toasts">
      <div className={css.row}>
        <kit.Button onClick={() => setDialog(true)}>Delete…</kit.Button>
        <kit.Menu
          trigger={<kit.Button>Menu</kit.Button>}
          items={[
            { key: "l", label: "Logs", icon: ScrollText, keys: ["L"], onSelect: () => {} },
            { key: "t", label: "Terminal", icon: SquareTerminal, keys: ["T"], onSelect: () => {} },
            { key: "y", label: "YAML", icon: FileCode, keys: ["Y"], onSelect: () => {} },
            {
              key: "e",
              label: "Evict…",
              icon: LogOut,
              danger: true,
              separated: true,
              onSelect: () => {},
            },
          ]}
        />
        <kit.Button
          onClick={() => {
            kit.toast({
              state: "ok",
              title: "r41 succeeded on prod-bj-1",
              text: "10 of 10 on 2.14.0 in 29 min",
              action: { label: "Open", onAction: () => {} },
            });
            kit.toast({
              state: "danger",
              title: "Settings changed by somebody else",
              text: "kubectl set replicas to 12 on prod-sh-1",
            });
          }}
        >
          Toasts
        </kit.Button>
        <kit.Tooltip title="Restart needs bj-prod" text="Possible again once the cluster answers.">
          <kit.Button icon={ArrowUpRight}>Tooltip</kit.Button>
        </kit.Tooltip>
      </div>
      <kit.Dialog
        open={dialog}
        onClose={() => setDialog(false)}
        title="Delete prod-gz-1?"
        description="1 Deployment with 6 pods, 1 load balancer and 4 config objects go. The history stays."
        facts={<kit.EnvTag colour="prod">Production</kit.EnvTag>}
        action={{
          label: "Delete group",
          kind: "danger",
          disabled: typed !== "prod-gz-1",
          onAction: () => setDialog(false),
        }}
      >
        <kit.Field stacked label="Type prod-gz-1 to confirm">
          <kit.Input value={typed} onChange={setTyped} mono />
        </kit.Field>
      </kit.Dialog>
    </Part>
  );
}

function States() {
  return (
    <>
      <Part title="Empty">
        <kit.EmptyState
          icon={Network}
          title="No load balancers yet"
          action={
            <kit.Button kind="filled" icon={Plus}>
              New load balancer
            </kit.Button>
          }
        >
          A load balancer gives the pods of a group one stable address inside the cluster.
        </kit.EmptyState>
      </Part>
      <Part title="Error">
        <kit.ErrorState
          error={{
            code: "forbidden",
            params: { verb: "list", resource: "pods", namespace: "shop" },
            detail: "list pods of shop: 403",
            hints: ["ask_owner_for_role"],
          }}
          onRetry={() => {}}
        />
      </Part>
      <Part title="Diff">
        <kit.Diff
          label="application.yaml"
          foldText={(count) => `${count} unchanged lines`}
          lines={[
            ...Array.from({ length: 13 }, (_, index) => ({
              kind: "same" as const,
              old: index + 1,
              new: index + 1,
              text: `line${index}: x`,
            })),
            { kind: "same", old: 14, new: 14, text: "hikari:" },
            { kind: "del", old: 15, text: "  maximum-pool-size: 20", words: [[21, 23]] },
            { kind: "add", new: 15, text: "  maximum-pool-size: 32", words: [[21, 23]] },
          ]}
        />
      </Part>
    </>
  );
}

function Texts() {
  return (
    <Part title="Text, facts, log">
      <kit.Facts
        items={[
          {
            label: "Image",
            value: (
              <kit.Copyable text="registry.example.com/shop/checkout-api:2.14.0" label="image" />
            ),
          },
          { label: "Started", value: <kit.RelativeTime at={Date.now() - 180_000} /> },
          {
            label: "Digest",
            value: <kit.TruncateMiddle text={`sha256:${"8d41".repeat(16)}`} className={css.mono} />,
          },
        ]}
      />
      <div className={css.log}>
        <kit.LogRow time="22:45:40.118" name="zr49m" colour={2} level="info" edge="old">
          POST /v2/orders 200 41ms
        </kit.LogRow>
        <kit.LogRow time="22:45:41.047" name="m9wtr" colour={6} level="warn" edge="new" selected>
          waited 812ms for a <mark>connection</mark>
        </kit.LogRow>
        <kit.LogRow time="22:45:42.262" name="hv7qd" colour={9} level="error" edge="failing">
          {kit.visible("db: ping failed\u001b[2J")}
        </kit.LogRow>
        <kit.LogNote>1,204 lines are missing here</kit.LogNote>
      </div>
    </Part>
  );
}
