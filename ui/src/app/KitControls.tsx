import { Ellipsis, Rocket, ScrollText, SquareTerminal } from "lucide-react";
import { useState } from "react";
import * as kit from "~/kit";
import css from "./KitPage.module.css";
import { Part } from "./KitPart";

export function Buttons() {
  const { Button, IconButton } = kit;
  return (
    <Part title="Buttons">
      <div className={css.row}>
        <Button kind="filled" icon={Rocket}>
          New release
        </Button>
        <Button>Cancel</Button>
        <Button kind="ghost">Ghost</Button>
        <Button kind="danger">Abort</Button>
        <Button kind="production">Deploy</Button>
        <Button kind="tint">Review</Button>
      </div>
      <div className={css.row}>
        <Button locked="Your role is viewer">No right</Button>
        <Button disabled>Disabled</Button>
        <Button small>Small 24</Button>
        <IconButton small kind="default" icon={Ellipsis} label="More" />
        <Button kind="filled" busy>
          Linking…
        </Button>
        <Button kind="filled">
          Continue <kit.KeyHint keys={["Ctrl", "Enter"]} onFill />
        </Button>
        <Button kind="link">A link</Button>
      </div>
    </Part>
  );
}

export function Inputs() {
  const [name, setName] = useState("Prod GZ");
  const [taken, setTaken] = useState(4);
  const [count, setCount] = useState<number | null>(6);
  const [role, setRole] = useState<"manager" | "viewer">("manager");
  const [cpu, setCpu] = useState("200");
  return (
    <Part title="Inputs and selects">
      <kit.Field
        label="Name"
        error={name.includes(" ") ? "Lower case letters, digits and “-” only" : undefined}
        fix={{ label: "Use prod-gz", onFix: () => setName("prod-gz") }}
      >
        <kit.Input value={name} onChange={setName} />
      </kit.Field>
      <kit.Field label="Role" hint="What one may do there">
        <kit.Select
          value={role}
          onChange={setRole}
          options={[
            { value: "manager", label: "manager" },
            { value: "viewer", label: "viewer", note: "reads" },
          ]}
        />
      </kit.Field>
      <kit.Field label="Count" group>
        <kit.Row>
          <kit.NumberStepper value={count} onChange={setCount} label="Count" />
          <kit.Input
            value={cpu}
            onChange={setCpu}
            prefix="request"
            suffix="m"
            aria-label="CPU request"
          />
        </kit.Row>
      </kit.Field>
      <kit.Field label="New pods" group>
        <kit.Slider
          label="New pods"
          value={taken}
          valueText={`${taken} of 10`}
          least={1}
          max={10}
          onChange={setTaken}
        >
          <kit.PodCells
            size="large"
            pods={Array.from({ length: 10 }, (_, at) => ({ state: at < taken ? "new" : "old" }))}
          />
        </kit.Slider>
      </kit.Field>
      <kit.Field label="Note" changed={{ was: "was “first”", undo: "undo", onUndo: () => {} }}>
        <kit.Textarea value="Second group in gz" onChange={() => {}} rows={2} />
      </kit.Field>
    </Part>
  );
}

export function Choices() {
  const [tab, setTab] = useState<"i" | "d" | "h">("i");
  const [part, setPart] = useState<"all" | "new" | "old">("all");
  const [on, setOn] = useState(true);
  return (
    <Part title="Tabs, segments, badges, keys">
      <div className={css.row}>
        <kit.Checkbox checked={on} onChange={setOn}>
          Checked
        </kit.Checkbox>
        <kit.Checkbox checked={false} onChange={() => {}}>
          Off
        </kit.Checkbox>
        <kit.RadioGroup
          label="What"
          value="a"
          onChange={() => {}}
          options={[{ value: "a", label: "Image and config" }]}
        />
        <kit.Switch checked={on} onChange={setOn}>
          Follow
        </kit.Switch>
      </div>
      <kit.Tabs
        label="Tabs"
        value={tab}
        onChange={setTab}
        items={[
          { value: "i", label: "Instances", count: 9 },
          { value: "d", label: "Deployment info" },
          { value: "h", label: "History", count: 28 },
        ]}
      />
      <div className={css.row}>
        <kit.Segment
          label="Version"
          value={part}
          onChange={setPart}
          options={[
            { value: "all", label: "All", note: 9 },
            {
              value: "new",
              label: "2.14.0",
              content: <kit.VersionTag version="2.14.0" role="new" />,
              note: 3,
            },
            {
              value: "old",
              label: "2.13.4",
              content: <kit.VersionTag version="2.13.4" />,
              note: 6,
            },
          ]}
        />
        <kit.KeyHint keys={["Ctrl", "K"]} />
      </div>
      <div className={css.row}>
        <kit.Badge>amd64</kit.Badge>
        <kit.Badge tone="progress">running</kit.Badge>
        <kit.Badge tone="ok">fits</kit.Badge>
        <kit.Badge tone="warn">unused</kit.Badge>
        <kit.Badge tone="danger">blocks</kit.Badge>
      </div>
    </Part>
  );
}

const rows = ["x2k4q", "m9wtr", "4jzpk", "8nd5c", "hv7qd"].map((id, index) => ({
  id,
  cpu: [131, 128, 142, 139, 0][index] ?? 0,
  failing: id === "hv7qd",
}));

export function Rows() {
  const [selected, setSelected] = useState("4jzpk");
  return (
    <Part title="Table rows, 32 px">
      <kit.Table
        flow
        label="Pods"
        rows={rows}
        rowKey={(row) => row.id}
        selected={selected}
        onSelect={setSelected}
        failing={(row) => row.failing}
        detail={(row) =>
          row.failing ? (
            <>
              Exit code 1: <code>Error 1040: Too many connections</code>
            </>
          ) : null
        }
        columns={[
          {
            key: "s",
            header: "Status",
            width: "130px",
            cell: (row) => (
              <kit.Status state={row.failing ? "danger" : "ok"}>
                {row.failing ? "Crash" : "Running"}
              </kit.Status>
            ),
          },
          { key: "p", header: "Pod", cell: (row) => <kit.PodName name={`6c9fd7b4c8-${row.id}`} /> },
          {
            key: "c",
            header: "CPU",
            width: "110px",
            align: "end",
            cell: (row) => (
              <>
                <kit.Sparkline
                  label="CPU"
                  max={200}
                  tone="new"
                  values={[100, 120, 110, null, 130, 128, row.cpu]}
                />
                <kit.Quantity value={String(row.cpu)} unit="m" tight />
              </>
            ),
          },
        ]}
        actionsWidth={56}
        actions={() => (
          <>
            <kit.IconButton small icon={ScrollText} label="Logs" />
            <kit.IconButton small icon={SquareTerminal} label="Terminal" />
          </>
        )}
      />
    </Part>
  );
}

export function Bars() {
  const { Bar, Button } = kit;
  return (
    <Part title="Bars">
      <Bar kind="problem" title="r28 stopped" actions={<Button small>See diagnosis</Button>}>
        in batch 2 of 3
      </Bar>
      <kit.StaleBar
        since="2025-11-20T12:03:00"
        retryAt={null}
        text="bj-prod can not be reached"
        onRetry={() => {}}
      />
      <Bar kind="waiting" title="r41 waits" actions={<Button small>Review</Button>}>
        for your approval
      </Bar>
      <kit.Skeleton />
    </Part>
  );
}
