import type { ComponentType, ReactNode } from "react";
import { useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Field, Input, Status, VersionTag } from "~/kit";
import type { GroupCard } from "~/wire/types";
import { runningVersion } from "./GroupChoice";
import css from "./new.module.css";

/** What the registry has, to choose from; what stands in it is shown as long as that is not known. */
export type Picker = ComponentType<{
  app: string;
  value: string;
  onChoose: (tag: string) => void;
  children: ReactNode;
}>;

/** The image as a tag or a full reference, and beside it what runs where already. */
export function ImageChoice({
  app,
  groups,
  card,
  value,
  onChange,
  onSettle,
  error,
  picker: Artifacts,
}: {
  app: string;
  groups: GroupCard[];
  card: GroupCard | undefined;
  value: string;
  onChange: (value: string) => void;
  /** Enough typed: this is the one. */
  onSettle: (value: string) => void;
  error: string | undefined;
  picker: Picker;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  const live = useFeed({ kind: "groups", app });
  const here = card ? runningVersion(card, live.byId.get(card.id)) : null;

  const runs = new Map<string, string[]>();
  for (const group of groups) {
    const version = runningVersion(group, live.byId.get(group.id));
    if (version) runs.set(version, [...(runs.get(version) ?? []), group.name]);
  }

  return (
    <section className={css.part}>
      <h2 className={css.heading}>
        <span className={css.number} aria-hidden="true">
          2
        </span>
        {words.image}
      </h2>
      <Field
        stacked
        label={words.imageHint}
        error={error}
        hint={card ? (here ? words.runsHere(here) : words.runsNothing) : undefined}
      >
        <Input
          mono
          value={value}
          placeholder={words.imagePlaceholder}
          onChange={onChange}
          onBlur={() => onSettle(value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) onSettle(value);
          }}
        />
      </Field>
      <Artifacts app={app} value={value} onChoose={onSettle}>
        {runs.size > 0 ? (
          <>
            <h3 className={css.sub}>{words.running}</h3>
            <ul className={css.versions}>
              {[...runs].map(([version, names]) => (
                <li key={version} className={version === value ? css.taken : undefined}>
                  <VersionTag version={version} plain />
                  <span className={css.on}>{words.runsOn(format.list(names))}</span>
                  {version === value ? (
                    <Status state="ok" className={css.takenWord}>
                      {words.taken}
                    </Status>
                  ) : (
                    <Button
                      small
                      kind="ghost"
                      aria-label={words.takeVersion(version)}
                      onClick={() => onSettle(version)}
                    >
                      {words.use}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </Artifacts>
    </section>
  );
}
