import { useCall, useOrder } from "~/data";
import { useText } from "~/i18n";
import { Button, Dialog, QueryView, RelativeTime, Skeleton, toast, visible } from "~/kit";
import type { GroupFiles } from "~/wire/types";
import css from "./config.module.css";

/** Files deleted within the last thirty days: each can be brought back with all its versions. */
export function DeletedDialog({
  app,
  groups,
  onClose,
  onBack,
}: {
  app: string;
  groups: readonly GroupFiles[];
  onClose: () => void;
  onBack: (group: string | null, file: string) => void;
}) {
  const text = useText();
  const words = text.config.deleted;
  const query = useCall("config_deleted", app);
  const back = useOrder("config_undelete");
  return (
    <Dialog open onClose={onClose} width={700} title={words.title} description={words.text}>
      <QueryView
        query={query}
        skeleton={<Skeleton rows={3} rowHeight={40} />}
        isEmpty={(files) => files.length === 0}
        empty={<p className={css.subtle}>{words.none}</p>}
      >
        {(files) => (
          <ul className={css.deleted}>
            {files.map((file) => (
              <li key={file.id} className={css.version}>
                <span className={css.versionText}>
                  <code>{visible(file.path)}</code>
                  <span className={css.subtle}>
                    {groups.find(({ id }) => id === file.group)?.name ?? words.ofApp} ·{" "}
                    <RelativeTime at={file.deleted} />
                  </span>
                </span>
                <Button
                  small
                  aria-label={words.backOf(visible(file.path))}
                  disabled={back.pending}
                  onClick={() =>
                    void back.run(file.id).then((done) => {
                      if (done === undefined) return;
                      toast({ state: "ok", title: words.isBack(file.path) });
                      onBack(file.group, file.id);
                    })
                  }
                >
                  {words.back}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Dialog>
  );
}
