import { useNavigate } from "@tanstack/react-router";
import { FileArchive } from "lucide-react";
import { useTransfer } from "~/app/transfer";
import { useText } from "~/i18n";
import { Button, Dialog } from "~/kit";
import { AppFields } from "./AppFields";
import { useAppForm } from "./useAppForm";

/** Creates an app and opens it. */
export function NewAppDialog({ onClose }: { onClose: () => void }) {
  const text = useText();
  const words = text.app;
  const navigate = useNavigate();
  const { importApp, importing } = useTransfer();
  const form = useAppForm(
    null,
    (app) => void navigate({ to: "/app/$app/overview", params: { app: app.id }, search: {} }),
  );
  return (
    <Dialog
      open
      width={700}
      onClose={onClose}
      title={words.createTitle}
      description={words.createText}
      facts={words.keptHere}
      more={
        <Button icon={FileArchive} busy={importing} onClick={importApp}>
          {words.import}
        </Button>
      }
      action={{
        label: form.pending ? words.creating : words.create,
        busy: form.pending,
        onAction: form.submit,
      }}
    >
      <AppFields form={form} fixed={false} />
    </Dialog>
  );
}
