import { Cable } from "lucide-react";
import { useFeed } from "~/data";
import { useText } from "~/i18n";
import { EmptyState, FeedView } from "~/kit";
import { ForwardForm } from "./ForwardForm";
import { ForwardList } from "./ForwardList";
import css from "./forward.module.css";

/** Ports of this computer that lead into pods: what is open, and one more. */
export function ForwardPanel({ front }: { front: boolean }) {
  const words = useText().forward;
  const feed = useFeed({ kind: "forward_list" });
  return (
    <div className={css.panel}>
      <ForwardForm front={front} />
      <div className={css.body}>
        <FeedView
          feed={feed}
          empty={
            <EmptyState icon={Cable} title={words.none}>
              {words.noneText}
            </EmptyState>
          }
        >
          {(rows) => <ForwardList rows={rows} />}
        </FeedView>
      </div>
      <div className={css.foot}>
        <span>{words.only}</span>
        <span>{words.ends}</span>
      </div>
    </div>
  );
}
