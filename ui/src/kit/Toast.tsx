import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { Button, IconButton } from "./Button";
import { type MarkState, StatusMark } from "./StatusMark";
import css from "./Toast.module.css";
import { useWords } from "./Words";

export interface ToastText {
  state: MarkState;
  title: string;
  text?: string | undefined;
  action?: { label: string; onAction: () => void } | undefined;
}

interface ToastData {
  state: MarkState;
  action?: ToastText["action"];
}

const queue = Base.createToastManager<ToastData>();

/** Shows a notice for 6 s; errors stay until closed. Callable from anywhere. */
export function toast({ state, title, text, action }: ToastText): void {
  queue.add({
    title,
    ...(text ? { description: text } : {}),
    timeout: state === "danger" ? 0 : 6000,
    priority: state === "danger" ? "high" : "low",
    data: { state, action },
  });
}

/** Where notices appear: once, at the root. */
export function Toasts() {
  const words = useWords();
  return (
    <Base.Provider toastManager={queue} limit={3}>
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
