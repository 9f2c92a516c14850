import { useCall, useFeed } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Checkbox, cx, EnvTag, Status, visible } from "~/kit";
import type { GroupCard, GroupLive } from "~/wire/types";
import css from "./new.module.css";

/** What runs of a group, as far as anybody knows it. */
export function runningVersion(card: GroupCard, live: GroupLive | undefined): string | null {
  if (live?.version) return live.version;
  return card.last_release?.state === "succeeded" ? card.last_release.to_version : null;
}

/** The groups by environment, from the safest to the most dangerous, each with what it runs and its place in the order. */
export function GroupChoice({
  groups,
  app,
  chosen,
  onChange,
}: {
  groups: GroupCard[];
  app: string;
  /** In their order. */
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
}) {
  const text = useText();
  const format = useFormat();
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
          <fieldset key={environment.id} className={css.environment} aria-label={word}>
            <EnvTag colour={environment.colour}>{word}</EnvTag>
            {own.map((group) => {
              const version = runningVersion(group, live.byId.get(group.id));
              const at = chosen.indexOf(group.id);
              return (
                <Checkbox
                  key={group.id}
                  checked={at >= 0}
                  disabled={at < 0 && (group.link_name === null || group.errors > 0)}
                  onChange={(checked) =>
                    onChange(
                      checked ? [...chosen, group.id] : chosen.filter((id) => id !== group.id),
                    )
                  }
                >
                  <span className={cx(css.group, at >= 0 && css.chosen)}>
                    <span className={css.name}>{group.name}</span>
                    {at >= 0 && chosen.length > 1 ? (
                      <span className={css.place}>
                        {text.release.train.place(format.number(at + 1))}
                      </span>
                    ) : null}
                    {group.link_name === null ? (
                      <Status state="stale">{words.readOnly}</Status>
                    ) : group.errors > 0 ? (
                      <Status state="danger">{words.wrongFields(String(group.errors))}</Status>
                    ) : (
                      <code className={css.runs}>{version ? visible(version) : "–"}</code>
                    )}
                  </span>
                </Checkbox>
              );
            })}
          </fieldset>
        );
      })}
    </section>
  );
}
