import { useCall, useFeed } from "~/data";
import { environmentWord, useText } from "~/i18n";
import { cx, EnvTag, RadioGroup, Status, visible } from "~/kit";
import type { GroupCard, GroupLive } from "~/wire/types";
import css from "./new.module.css";

/** What runs of a group, as far as anybody knows it. */
export function runningVersion(card: GroupCard, live: GroupLive | undefined): string | null {
  if (live?.version) return live.version;
  return card.last_release?.state === "succeeded" ? card.last_release.to_version : null;
}

/** The groups by environment, from the safest to the most dangerous, each with what it runs. */
export function GroupChoice({
  groups,
  app,
  value,
  onChange,
}: {
  groups: GroupCard[];
  app: string;
  value: string | undefined;
  onChange: (id: string) => void;
}) {
  const text = useText();
  const words = text.release.plan;
  const environments = useCall("environment_list", null);
  const live = useFeed({ kind: "groups", app });
  const columns = (environments.data ?? []).toSorted((a, b) => a.order - b.order);
  return (
    <section className={css.part}>
      <h2 className={css.heading}>
        <span className={css.number} aria-hidden="true">
          1
        </span>
        {words.group}
      </h2>
      {columns.map((environment) => {
        const own = groups.filter((group) => group.environment === environment.id);
        const word = environmentWord(environment.name, text);
        if (own.length === 0) return null;
        return (
          <div key={environment.id} className={css.environment}>
            <EnvTag colour={environment.colour}>{word}</EnvTag>
            <RadioGroup
              label={word}
              value={own.some(({ id }) => id === value) ? (value ?? null) : null}
              onChange={onChange}
              options={own.map((group) => {
                const version = runningVersion(group, live.byId.get(group.id));
                return {
                  value: group.id,
                  label: group.name,
                  disabled: group.link_name === null || group.errors > 0,
                  content: (
                    <span className={cx(css.group, group.id === value && css.chosen)}>
                      <span>{group.name}</span>
                      {group.link_name === null ? (
                        <Status state="stale">{words.readOnly}</Status>
                      ) : group.errors > 0 ? (
                        <Status state="danger">{words.wrongFields(String(group.errors))}</Status>
                      ) : (
                        <code className={css.runs}>{version ? visible(version) : "–"}</code>
                      )}
                    </span>
                  ),
                };
              })}
            />
          </div>
        );
      })}
    </section>
  );
}
