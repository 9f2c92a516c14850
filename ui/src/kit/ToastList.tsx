import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { Button, IconButton } from "./Button";
import { StatusMark } from "./StatusMark";
import type { ToastText } from "./Toast";
import css from "./Toast.module.css";
import { useWords } from "./Words";

type ToastData = Pick<ToastText, "state" | "action">;

const manager = Base.createToastManager<ToastData>();

/** Where notices stand. It takes over what waits to be shown. */
export function ToastList({ waiting, take }: { waiting: number; take: () => ToastText[] }) {
  const words = useWords();
  useEffect(() => {
    if (waiting === 0) return;
    for (const { state, title, text, action } of take()) {
      manager.add({
        title,
        ...(text ? { description: text } : {}),
        timeout: state === "danger" ? 0 : 6000,
        priority: state === "danger" ? "high" : "low",
        data: { state, action },
      });
    }
  }, [waiting, take]);
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport className={css.viewport} aria-label={words.notifications}>
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function List() {
  const words = useWords();
  const { toasts, close } = Base.useToastManager<ToastData>();
  return toasts.map((item) => (
    <Base.Root key={item.id} toast={item} className={css.toast}>
      <StatusMark state={item.data?.state ?? "ok"} />
      <div className={css.texts}>
        <Base.Title className={css.title} />
        <Base.Description className={css.text} />
      </div>
      {item.data?.action ? (
        <Button
          kind="link"
          onClick={() => {
            item.data?.action?.onAction();
            close(item.id);
          }}
        >
          {item.data.action.label}
        </Button>
      ) : null}
      <IconButton small label={words.close} icon={X} onClick={() => close(item.id)} />
    </Base.Root>
  ));
}
