import {
  ArrowUp,
  Download,
  FileUp,
  FolderOpen,
  FolderUp,
  RotateCw,
  Upload,
  Wrench,
} from "lucide-react";
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import { useFeed, useOrder } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import {
  Bar,
  Button,
  cx,
  EmptyState,
  IconButton,
  Input,
  KeyHint,
  Menu,
  Panel,
  PanelBody,
  PanelFoot,
  PanelTools,
  Select,
  Skeleton,
  toast,
  visible,
} from "~/kit";
import type { DragRow, PodDetail, PodFile, TransferRow } from "~/wire/types";
import { keysOf } from "../shortcuts";
import { DebugDialog } from "../terminal/DebugDialog";
import { FileTable } from "./FileTable";
import css from "./file.module.css";
import { type FileOrder, isFolder, sortedFiles, useFolder } from "./folder";
import { above, joined, resolved, shown } from "./names";
import { type FilesOf, useOpenFiles } from "./open";
import { TransferList } from "./TransferList";

/** Where the files of the container stand for a debug container beside it: its first process is the one they share. */
const BESIDE = "/proc/1/root";

/** The files of a container: a folder, what is on its way, and how it ended. */
export function FilePanel({ of, front }: { of: FilesOf; front: boolean }) {
  const [container, setContainer] = useState(of.container);
  return (
    <Files
      key={container}
      of={{ ...of, container, path: container === of.container ? of.path : undefined }}
      front={front}
      onContainer={setContainer}
    />
  );
}

function Files({
  of,
  front,
  onContainer,
}: {
  of: FilesOf;
  front: boolean;
  onContainer: (container: string) => void;
}) {
  const text = useText();
  const words = text.file;
  const format = useFormat();
  const openFiles = useOpenFiles();
  const place = { group: of.group, pod: of.pod, container: of.container };
  const folder = useFolder(place, of.path ?? "");
  const { listed, error } = folder;
  const feed = useFeed({
    kind: "pod",
    of: { group: of.group, pod: { name: of.pod, uid: of.uid } },
  });
  const pod = feed.byId.get(of.uid) as PodDetail | undefined;
  const transfers = (useFeed({ kind: "transfers" }).rows as TransferRow[])
    .filter((row) => row.place.group === of.group && row.place.pod === of.pod)
    .toSorted((a, b) => b.begun.localeCompare(a.begun));

  const [chosen, setChosen] = useState<string | null>(null);
  const [order, setOrder] = useState<FileOrder>({ key: "name", descending: false });
  const [typed, setTyped] = useState<string | null>(null);
  const [debugging, setDebugging] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const pathField = useRef<HTMLInputElement>(null);
  const files = sortedFiles(listed?.files ?? [], order);
  const selected = files.find((file) => file.name === chosen) ?? files[0];

  // Once the rows of the folder are drawn: those of the one before would take it with them.
  const [arrivals, setArrivals] = useState(0);
  useEffect(() => {
    if (arrivals === 0) return;
    const row = body.current?.querySelector<HTMLElement>("[role=row][tabindex='0']");
    (row ?? body.current)?.focus();
  }, [arrivals]);
  const focusList = () => setArrivals((before) => before + 1);
  const go = async (path: string, then?: string) => {
    const arrived = await folder.go(path);
    if (!arrived) return;
    setTyped(null);
    setChosen(then ?? null);
    focusList();
  };
  const up = () => {
    const to = listed ? above(listed.path) : null;
    if (to) void go(to.folder, to.name);
  };
  const open = (file: PodFile) => {
    if (listed && isFolder(file)) void go(joined(listed.path, file.name));
  };

  const download = useOrder("file_download");
  const upload = useOrder("file_upload");
  const off = !listed ? words.notListed : listed.tar ? null : words.noTar(visible(of.container));
  const bring = () => {
    if (off || !listed || !selected) return;
    if (selected.kind === "special") {
      toast({ state: "warn", title: words.special(shown(selected.name)) });
      return;
    }
    void download.run({
      file: {
        place,
        folder: listed.path,
        name: selected.name,
        is_folder: isFolder(selected),
        size: selected.size,
      },
      title: words.downloadTitle(shown(selected.name)),
    });
  };
  const put = (from: "files" | "folder" | "dropped") => {
    if (off || !listed) return;
    void upload.run({ to: { place, path: listed.path }, from, title: words.uploadTitle });
  };

  // What was put into this folder is to be seen in it.
  const arrived = transfers.filter(
    (row) => row.upload && row.state.state === "done" && row.folder === listed?.path,
  ).length;
  const onArrival = useEffectEvent(() => void folder.again());
  const [seen, setSeen] = useState(arrived);
  if (arrived < seen) setSeen(arrived);
  useEffect(() => {
    if (arrived <= seen) return;
    setSeen(arrived);
    onArrival();
  }, [arrived, seen]);

  const over = useDrop(front && !off, panel, () => put("dropped"));

  const onKeyDown = (event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const writing = (event.target as Element).closest("input, textarea") !== null;
    const keys: Record<string, () => void> = {
      "mod+u": () => put(event.shiftKey ? "folder" : "files"),
      "mod+d": bring,
      "mod+l": () => pathField.current?.focus(),
      f5: () => void folder.again(),
      ...(writing ? {} : { backspace: up }),
    };
    const run = keys[`${mod ? "mod+" : ""}${key}`];
    if (!run || event.altKey) return;
    event.preventDefault();
    run();
  };

  const failure = error ? sayError(error, text) : null;
  const lacking = error?.code === "no_shell" || error?.code === "no_tool" || listed?.tar === false;
  const debug = lacking ? (
    <Button small icon={Wrench} onClick={() => setDebugging(true)}>
      {text.terminal.debug}…
    </Button>
  ) : null;
  return (
    <Panel ref={panel} className={css.panel} onKeyDown={onKeyDown}>
      <PanelTools>
        <IconButton
          small
          icon={ArrowUp}
          label={words.up}
          disabled={!listed || above(listed.path) === null}
          onClick={up}
        />
        <form
          className={css.path}
          onSubmit={(event) => {
            event.preventDefault();
            if (typed !== null) void go(resolved(typed, listed?.path ?? "/"));
          }}
        >
          <Input
            mono
            ref={pathField}
            aria-label={words.path}
            value={typed ?? shown(listed?.path ?? of.path ?? "")}
            invalid={error !== null && typed !== null}
            onChange={setTyped}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || typed === null) return;
              event.preventDefault();
              setTyped(null);
              focusList();
            }}
          />
        </form>
        <IconButton small icon={RotateCw} label={words.again} onClick={() => void folder.again()} />
        <Select
          quiet
          small
          label={words.container}
          value={of.container}
          onChange={onContainer}
          options={containersOf(pod, of.container).map((name) => ({
            value: name,
            label: visible(name),
            content: (
              <>
                <span className={css.wide}>{words.containerOf(visible(name))}</span>
                <span className={css.narrow}>{visible(name)}</span>
              </>
            ),
          }))}
        />
        <span className={css.rule} />
        <Menu
          align="end"
          trigger={
            <Button small icon={Upload} busy={upload.pending} notYet={off}>
              {words.upload}…
            </Button>
          }
          items={[
            {
              key: "files",
              label: words.uploadFiles,
              icon: FileUp,
              keys: keysOf("mod+u"),
              onSelect: () => put("files"),
            },
            {
              key: "folder",
              label: words.uploadFolder,
              icon: FolderUp,
              keys: keysOf("mod+shift+u"),
              onSelect: () => put("folder"),
            },
          ]}
        />
        <Button
          small
          icon={Download}
          busy={download.pending}
          notYet={off}
          disabled={!selected}
          onClick={bring}
        >
          {words.download}
        </Button>
      </PanelTools>
      {pod?.gone ? (
        <Bar kind="stale" title={words.podGone}>
          {words.podGoneText}
        </Bar>
      ) : failure ? (
        <Bar
          kind="problem"
          title={failure.title}
          actions={
            <>
              {debug}
              <Button small icon={RotateCw} onClick={() => void folder.again()}>
                {words.again}
              </Button>
            </>
          }
        >
          {[failure.why, failure.hints[0]].filter(Boolean).join(" ")}
        </Bar>
      ) : listed && !listed.tar ? (
        <Bar kind="changed" title={words.noTar(visible(of.container))} actions={debug}>
          {words.noTarText}
        </Bar>
      ) : null}
      <PanelBody ref={body} tabIndex={-1} className={cx(!listed && css.listing, over && css.over)}>
        {listed && files.length === 0 ? (
          <EmptyState icon={FolderOpen} title={words.empty}>
            {words.emptyText}
          </EmptyState>
        ) : listed ? (
          <FileTable
            label={words.of(shown(listed.path))}
            files={files}
            selected={selected?.name ?? null}
            onSelect={setChosen}
            onOpen={open}
            order={order}
            onOrder={setOrder}
          />
        ) : error ? null : (
          <Skeleton rows={8} />
        )}
        {over && listed ? <p className={css.drop}>{words.drop(shown(listed.path))}</p> : null}
      </PanelBody>
      <TransferList rows={transfers} />
      <PanelFoot
        facts={
          listed
            ? [
                listed.more
                  ? words.itemsOfMore(format.number(files.length))
                  : words.items(format.number(files.length)),
                listed.tar ? words.over : words.overNone,
                words.asUser(visible(listed.user)),
              ].join(" · ")
            : null
        }
      >
        <span className={css.keys}>
          <span className={css.wide}>{words.dropHere}</span> <KeyHint keys={keysOf("mod+u")} />{" "}
          {words.uploadKey} <KeyHint keys={keysOf("mod+d")} /> {words.downloadKey}
        </span>
      </PanelFoot>
      {debugging ? (
        <DebugDialog
          of={place}
          onAdded={(added) => openFiles({ ...of, container: added, path: BESIDE })}
          onClose={() => setDebugging(false)}
        />
      ) : null}
    </Panel>
  );
}

/** Those that run, and the one that is open in any case. */
function containersOf(pod: PodDetail | undefined, open: string): string[] {
  const running = pod?.containers.filter(({ state }) => state.state === "running") ?? [];
  return [...new Set([...running.map(({ name }) => name), open])];
}

/** Whether files are dragged over a panel; tells of those that are dropped on it. */
function useDrop(
  wanted: boolean,
  panel: React.RefObject<HTMLElement | null>,
  onDrop: () => void,
): boolean {
  const feed = useFeed({ kind: "drag" });
  const drag = feed.rows[0] as DragRow | undefined;
  const [seen, setSeen] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const told = useEffectEvent(onDrop);
  useEffect(() => {
    const within = (at: [number, number] | null | undefined) => {
      const box = panel.current?.getBoundingClientRect();
      if (!at || !box || !wanted) return false;
      const [x, y] = at;
      return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    };
    if (!drag) return;
    setOver(within(drag.over));
    if (seen !== null && drag.drops > seen && within(drag.dropped)) told();
    setSeen(drag.drops);
  }, [drag, wanted, panel, seen]);
  return over;
}
