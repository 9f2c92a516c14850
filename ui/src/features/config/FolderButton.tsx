import { FolderOpen } from "lucide-react";
import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { useText } from "~/i18n";
import { Button, StatusMark } from "~/kit";
import { FolderDialog } from "./FolderDialog";

/** Opens the files of an app as a folder, or shows how it stands with the one that is open. */
export function FolderButton({ app }: { app: string }) {
  const words = useText().folder;
  const [shown, setShown] = useState(false);
  const query = useCall("folder_get", app);
  const open = useOrder("folder_open", {
    // The person thought better of it.
    onDone: (view) => view && setShown(true),
  });
  const view = query.data ?? null;
  if (!view) {
    return (
      <Button
        icon={FolderOpen}
        busy={open.pending}
        disabled={query.data === undefined}
        onClick={() => void open.run(app)}
      >
        {open.pending ? words.opening : words.open}
      </Button>
    );
  }
  const wrong = view.gone || view.conflicts.length > 0 || view.problems.length > 0;
  return (
    <>
      <Button icon={FolderOpen} onClick={() => setShown(true)}>
        {words.opened}
        <StatusMark state={wrong ? "warn" : "ok"} />
      </Button>
      {shown ? <FolderDialog view={view} onClose={() => setShown(false)} /> : null}
    </>
  );
}
