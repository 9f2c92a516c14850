import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useText } from "~/i18n";
import { Bar, Button } from "~/kit";
import { forgetUnsaved, NEW, readUnsaved } from "./unsaved";

/** A new group that was begun and not saved: it stands in no list yet. */
export function UnsavedBar({ app }: { app: string }) {
  const text = useText();
  const words = text.group.list;
  const [unsaved, setUnsaved] = useState(() => readUnsaved(app, NEW));
  if (!unsaved) return null;
  const name = unsaved.draft.name.trim();
  return (
    <Bar
      kind="pending"
      title={name === "" ? words.unsaved : words.unsavedNamed(name)}
      actions={
        <>
          <Button
            small
            kind="ghost"
            onClick={() => {
              forgetUnsaved(app, NEW);
              setUnsaved(undefined);
            }}
          >
            {words.discard}
          </Button>
          <Button small render={<Link to="/app/$app/groups/new" params={{ app }} />}>
            {words.continue}
          </Button>
        </>
      }
    />
  );
}
