import { useText } from "~/i18n";
import { Dialog } from "~/kit";
import type { GroupView } from "~/wire/types";
import { DeleteDialog } from "./DeleteDialog";
import { forgetUnsaved, NEW } from "./unsaved";

/** Asks before what was begun goes: what is stored as any group goes, what was only typed at once. */
export function DiscardDialog({
  app,
  group,
  onClose,
  onDone,
}: {
  app: string;
  /** Null while nothing of it is stored. */
  group: GroupView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const words = useText().groupForm.wizard;
  const done = () => {
    forgetUnsaved(app, group?.id ?? NEW);
    onDone();
  };
  if (group) {
    const { card, environment } = group;
    return (
      <DeleteDialog
        row={{ card, environment: environment ?? undefined, live: undefined, pending: 0, empty: 0 }}
        onStop={onClose}
        onClose={onClose}
        onDeleted={done}
      />
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.discardTitle}
      description={words.discardText}
      action={{ label: words.discard, kind: "danger", onAction: done }}
    />
  );
}
