import { Check, Lock, Pencil } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useCall, useOrder } from "~/data";
import { type Catalogue, environmentWord, sayError, useFormat, useText } from "~/i18n";
import { Checkbox, Dialog, EnvSquare, Icon, QueryView, Skeleton, toast, visible } from "~/kit";
import type { ClusterRow, JoinApp, JoinView } from "~/wire/types";
import { joinable } from "./JoinBar";
import css from "./join.module.css";

/** What colleagues released in a linked cluster, and which of it comes to this computer. */
export function JoinDialog({ row, onClose }: { row: ClusterRow; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.cluster.join;
  const query = useCall("join_list", row.link.id);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const apps = query.data?.apps ?? [];
  const chosen = apps.filter((app) => joinable(app) && !left.has(app.id));
  const join = useOrder("join_apps", {
    quiet: true,
    onDone: (joined) => {
      const differs = joined.flatMap((one) => one.differs);
      toast({
        state: "ok",
        title: words.joined(joined.length, format.number(joined.length)),
        text: differs.length > 0 ? words.differs(format.list(differs.map(visible))) : undefined,
      });
      onClose();
    },
  });
  const failure = join.error ? sayError(join.error, text) : null;
  return (
    <Dialog
      open
      onClose={onClose}
      width={760}
      title={words.title(row.link.name, apps.length, format.number(apps.length))}
      description={words.text(row.link.namespace)}
      cancel={words.notNow}
      facts={query.data ? words.readFrom(format.number(query.data.records)) : undefined}
      action={{
        label: join.pending
          ? words.joining
          : words.action(chosen.length, format.number(chosen.length)),
        busy: join.pending,
        disabled: chosen.length === 0,
        onAction: () => void join.run({ link: row.link.id, apps: chosen.map(({ id }) => id) }),
      }}
    >
      <QueryView query={query} skeleton={<Skeleton rows={4} />}>
        {(view) => (
          <Apps
            view={view}
            left={left}
            onToggle={(id, on) => {
              const next = new Set(left);
              if (on) next.delete(id);
              else next.add(id);
              setLeft(next);
            }}
          />
        )}
      </QueryView>
      <Comes apps={chosen} />
      {failure ? (
        <p className={css.refused} role="alert">
          {failure.title}. {failure.why}
        </p>
      ) : null}
    </Dialog>
  );
}

function Apps({
  view,
  left,
  onToggle,
}: {
  view: JoinView;
  left: ReadonlySet<string>;
  onToggle: (id: string, on: boolean) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.cluster.join;
  return (
    <>
      <table className={css.apps}>
        <thead>
          <tr>
            <th scope="col">{words.app}</th>
            <th scope="col">{words.groups}</th>
            <th scope="col">{words.last}</th>
            <th scope="col">{words.runs}</th>
          </tr>
        </thead>
        <tbody>
          {view.apps.map((app) => (
            <tr key={app.id}>
              <th scope="row" className={css.name}>
                <Checkbox
                  checked={joinable(app) && !left.has(app.id)}
                  disabled={!joinable(app)}
                  onChange={(on) => onToggle(app.id, on)}
                >
                  <strong>{visible(app.slug)}</strong>
                </Checkbox>
                <p className={css.subtle}>
                  {app.taken
                    ? words.taken
                    : app.known
                      ? words.known
                      : words.releases(app.releases, format.number(app.releases))}
                </p>
              </th>
              <td>
                <span className={css.groups}>
                  {app.groups.map((group) => (
                    <span key={group.id} className={css.group}>
                      <EnvSquare
                        colour={group.environment.colour}
                        label={environmentWord(group.environment.name, text)}
                      />
                      {visible(group.name)}
                      {group.taken ? <span className={css.subtle}>{words.groupTaken}</span> : null}
                    </span>
                  ))}
                </span>
              </td>
              <td>
                {app.last.seq === null ? "–" : `r${app.last.seq}`} ·{" "}
                <code>{visible(app.last.to_version)}</code>
                <p className={css.subtle}>
                  {visible(app.last.author.display)}, {format.dateTime(app.last.created)}
                </p>
              </td>
              <td>{runs(app, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {view.unread.map(({ name, newer, reason }) => (
        <p key={name} className={css.subtle}>
          {newer === null
            ? words.broken(visible(name), visible(reason))
            : words.newer(visible(name))}
        </p>
      ))}
    </>
  );
}

function runs({ groups }: JoinApp, words: Catalogue["cluster"]["join"]): string {
  if (groups.some((group) => group.runs.kind === "unknown")) return words.unknownRuns;
  const some = groups.flatMap(({ runs }) => (runs.kind === "pods" ? [runs] : []));
  if (some.length === 0) return words.nothingRuns;
  const sum = (of: "ready" | "desired") => some.reduce((all, one) => all + one[of], 0);
  return `${sum("ready")}/${sum("desired")}`;
}

/** What comes with the chosen apps, and what does not. */
function Comes({ apps }: { apps: readonly JoinApp[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.cluster.join;
  const sensitive = apps.flatMap((app) => app.sensitive);
  return (
    <div className={css.comes}>
      <section aria-label={words.comes}>
        <h3>{words.comes}</h3>
        <ul>
          {[words.comesGroups, words.comesFiles, words.comesHistory].map((line) => (
            <Line key={line} icon={Check}>
              {line}
            </Line>
          ))}
        </ul>
      </section>
      <section aria-label={words.stays}>
        <h3>{words.stays}</h3>
        <ul>
          {sensitive.length > 0 ? (
            <Line icon={Lock}>
              {words.staysSensitive(
                format.number(sensitive.length),
                format.list(sensitive.map(visible)),
              )}
            </Line>
          ) : null}
          <Line icon={Pencil}>{words.staysDrafts}</Line>
        </ul>
      </section>
    </div>
  );
}

function Line({ icon, children }: { icon: typeof Check; children: ReactNode }) {
  return (
    <li>
      <Icon of={icon} size={14} />
      <span>{children}</span>
    </li>
  );
}
