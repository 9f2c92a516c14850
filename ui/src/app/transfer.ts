import { useNavigate } from "@tanstack/react-router";
import { useOrder } from "~/data";
import { useText } from "~/i18n";
import { toast } from "~/kit";

/** An app into a file, and out of one again. */
export function useTransfer() {
  const words = useText().app;
  const navigate = useNavigate();
  const save = useOrder("app_export", {
    onDone: (path) => toast({ state: "ok", title: words.exported, text: path }),
  });
  const take = useOrder("app_import", {
    onDone: (app) => {
      toast({ state: "ok", title: words.imported });
      void navigate({ to: "/app/$app/overview", params: { app }, search: {} });
    },
  });
  return {
    exportApp: (app: string) => void save.run(app),
    importApp: () => void take.run(null),
    importing: take.pending,
  };
}
