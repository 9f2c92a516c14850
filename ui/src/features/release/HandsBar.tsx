import { useFormat, useText } from "~/i18n";
import { Bar, visible } from "~/kit";
import type { ReleaseView } from "~/wire/types";
import { personOf } from "./state";

/** That nobody drives it, or that nobody here can. */
export function HandsBar({ view }: { view: ReleaseView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.hands;
  const { driver, newer } = view;
  if (newer !== null) {
    return (
      <Bar kind="changed" title={words.newer}>
        {words.newerText(format.number(newer))}
      </Bar>
    );
  }
  if (view.hands !== "adrift") return null;
  return (
    <Bar kind="waiting" title={words.adrift}>
      {words.adriftText(visible(personOf(driver)), visible(driver.device))}
    </Bar>
  );
}
