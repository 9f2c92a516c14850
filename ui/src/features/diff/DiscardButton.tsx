import { useOrder } from "~/data";
import { useText } from "~/i18n";
import { Button, toast, visible } from "~/kit";
import type { FieldChange, GroupSection } from "~/wire/types";

/** Sections without a field of the group's form: there is nothing to take back. */
const FIXED: readonly GroupSection[] = ["basics", "balancers", "other"];

/** Takes one change of the draft back, as far as it is the group's own. */
export function DiscardButton({
  group,
  change,
  onDone,
}: {
  group: string;
  change: FieldChange;
  onDone: () => void;
}) {
  const words = useText().diff.discard;
  const { section, field } = change;
  const discard = useOrder("group_discard", {
    onDone: ({ left_to_app }) => {
      toast({
        state: left_to_app ? "warn" : "ok",
        title: words.done(visible(field)),
        text: left_to_app ? words.ofApp : section === "files" ? words.versions : undefined,
      });
      onDone();
    },
  });
  if (FIXED.includes(section)) return null;
  return (
    <Button
      small
      kind="ghost"
      busy={discard.pending}
      aria-label={words.of(visible(field))}
      onClick={() => void discard.run({ group, section, field })}
    >
      {words.action}
    </Button>
  );
}
