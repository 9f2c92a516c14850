import {
  Box,
  Braces,
  Container,
  HardDrive,
  type LucideIcon,
  MapPin,
  Package,
  SlidersHorizontal,
  Tag,
  Target,
} from "lucide-react";
import { useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, cx, Icon, StatusMark, TruncateMiddle, visible } from "~/kit";
import type { FieldError, GroupDraft, KeptKind, TakeoverPreview } from "~/wire/types";
import { keptLines, understood } from "./adopt";
import css from "./adopt.module.css";

const icons: Record<KeptKind, LucideIcon> = {
  volume: HardDrive,
  sidecar: Package,
  init_container: Box,
  label: Tag,
  annotation: Tag,
  variable: Braces,
  container: Container,
  pod: MapPin,
  deployment: SlidersHorizontal,
};

/** What the form has a field for. */
export function Becomes({ draft, errors }: { draft: GroupDraft; errors: readonly FieldError[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.adopt;
  const rows = understood(draft, text);
  return (
    <section aria-labelledby="adopt-becomes" className={css.becomes}>
      <div className={css.columnHead}>
        <h3 id="adopt-becomes">{words.becomes}</h3>
        <span className={css.subtle}>{words.understood(format.number(rows.length))}</span>
      </div>
      <dl>
        {rows.map((row) => (
          <div key={row.key} className={css.field}>
            <StatusMark
              state={errors.some(({ field }) => field.split(".")[0] === row.key) ? "warn" : "ok"}
            />
            <dt>{row.label}</dt>
            <dd title={visible(row.value)}>
              <TruncateMiddle text={row.value} className={cx(css.value, row.code && css.code)} />
              {row.note ? <span className={css.note}>{row.note}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What stays as it is, in the patch and beside it. */
export function Untouched({ preview }: { preview: TakeoverPreview }) {
  const text = useText();
  const format = useFormat();
  const words = text.adopt;
  const [shown, setShown] = useState(false);
  const { patch } = preview.draft;
  const lines = patch.trimEnd() === "" ? 0 : patch.trimEnd().split("\n").length;
  const kept = keptLines(preview.kept, text, (count) => format.number(count));
  return (
    <section aria-labelledby="adopt-untouched" className={css.untouched}>
      <div className={css.columnHead}>
        <h3 id="adopt-untouched">{words.untouched}</h3>
        {lines > 0 ? (
          <span className={css.subtle}>{words.inPatch(format.number(lines))}</span>
        ) : null}
      </div>
      {kept.length === 0 ? <p className={css.nothing}>{words.nothingLeft}</p> : null}
      <ul>
        {kept.map(({ kind, title, note }) => (
          <Part key={`${kind} ${title}`} icon={icons[kind]} title={title} note={note} />
        ))}
        <Part
          icon={Target}
          title={words.selector}
          code={preview.selector}
          note={words.selectorText}
        />
      </ul>
      {lines > 0 ? (
        <Button kind="link" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? words.hidePatch : words.showPatch}
        </Button>
      ) : null}
      {shown ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        <pre className={css.patch} role="region" tabIndex={0} aria-label={words.patch}>
          {patch.split("\n").map(visible).join("\n")}
        </pre>
      ) : null}
    </section>
  );
}

function Part({
  icon,
  title,
  code,
  note,
}: {
  icon: LucideIcon;
  title: string;
  code?: string;
  note: string;
}) {
  return (
    <li className={css.part}>
      <Icon of={icon} />
      <div>
        <p className={css.partTitle}>
          <TruncateMiddle text={title} />
          {code ? <TruncateMiddle text={code} className={css.code} /> : null}
        </p>
        {note ? <p className={css.partNote}>{visible(note)}</p> : null}
      </div>
    </li>
  );
}
