import { useText } from "~/i18n";
import { Dialog } from "~/kit";
import type { App } from "~/wire/types";
import { AppFields } from "./AppFields";
import { useAppForm } from "./useAppForm";

/** What an app is called, where its images are and where its files go. */
export function EditAppDialog({ app, onClose }: { app: App; onClose: () => void }) {
  const text = useText();
  const words = text.app;
  const form = useAppForm(app, onClose);
  return (
    <Dialog
      open
      width={700}
      onClose={onClose}
      title={words.editTitle(app.title)}
      facts={words.keptHere}
      action={{
        label: form.pending ? words.saving : words.save,
        busy: form.pending,
        onAction: form.submit,
      }}
    >
      <AppFields form={form} fixed />
    </Dialog>
  );
}
