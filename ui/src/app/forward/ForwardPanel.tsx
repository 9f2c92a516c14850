import { Cable } from "lucide-react";
import { useFeed } from "~/data";
import { useText } from "~/i18n";
import { EmptyState, FeedView, Panel, PanelBody, PanelFoot } from "~/kit";
import { ForwardForm } from "./ForwardForm";
import { ForwardList } from "./ForwardList";
import css from "./forward.module.css";

/** Ports of this computer that lead into pods: what is open, and one more. */
export function ForwardPanel({ front }: { front: boolean }) {
  const words = useText().forward;
  const feed = useFeed({ kind: "forward_list" });
  return (
    <Panel className={css.panel}>
      <ForwardForm front={front} />
      <PanelBody>
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
      </PanelBody>
      <PanelFoot facts={words.only}>{words.ends}</PanelFoot>
    </Panel>
  );
}
