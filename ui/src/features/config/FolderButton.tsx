import { FolderOpen } from "lucide-react";
import { useView } from "~/app/page";
import { useCall, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, later, type MarkState, StatusMark } from "~/kit";
import type { FolderView } from "~/wire/types";

const FolderDialog = later(async () => (await import("./FolderDialog")).FolderDialog);

/** What the dialog of the folder is called in the address. */
export const FOLDER = "folder";

/** Opens the files of an app as a folder, or shows how it stands with the one that is open. */
export function FolderButton({ app }: { app: string }) {
  const format = useFormat();
  const words = useText().folder;
  const [dialog, setDialog] = useView("dialog");
  const query = useCall("folder_get", app);
  const open = useOrder("folder_open", {
    // The person thought better of it.
    onDone: (view) => view && setDialog(FOLDER),
  });
  const view = query.data ?? null;
  if (!view) {
    return (
      <Button
        kind="ghost"
        small
        icon={FolderOpen}
        busy={open.pending}
        disabled={query.data === undefined}
        onClick={() => void open.run(app)}
      >
        {open.pending ? words.opening : words.open}
      </Button>
    );
  }
  const state = stateOf(view);
  return (
    <>
      <Button kind="ghost" small icon={FolderOpen} onClick={() => setDialog(FOLDER)}>
        {words.opened}
        <StatusMark state={marks[state]} size={12} />
        {words.state[state](format.number(view.conflicts.length))}
      </Button>
      {dialog === FOLDER ? <FolderDialog view={view} onClose={() => setDialog(undefined)} /> : null}
    </>
  );
}

type FolderState = "gone" | "conflict" | "readOnly" | "apart" | "unwatched" | "watching";

const marks: Record<FolderState, MarkState> = {
  gone: "danger",
  conflict: "warn",
  readOnly: "warn",
  apart: "warn",
  unwatched: "stale",
  watching: "ok",
};

/** How it stands with a folder: what a person has to do something about comes first. */
function stateOf(view: FolderView): FolderState {
  if (view.gone) return "gone";
  if (view.conflicts.length > 0) return "conflict";
  if (view.problems.some(({ what }) => what === "unwritable")) return "readOnly";
  if (view.problems.length > 0) return "apart";
  return view.unwatched === null ? "watching" : "unwatched";
}
