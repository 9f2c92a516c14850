import { Link, useNavigate } from "@tanstack/react-router";
import { FileText, Network } from "lucide-react";
import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { environmentWord, sayChange, useFormat, useText } from "~/i18n";
import {
  Dialog,
  EnvTag,
  ErrorState,
  Icon,
  Input,
  type MarkState,
  RadioGroup,
  Skeleton,
  Status,
  StatusMark,
  visible,
} from "~/kit";
import type {
  BackChange,
  BackScope,
  GroupCard,
  PlanView,
  ReleaseRow,
  RollbackView,
} from "~/wire/types";
import css from "./back.module.css";
import { StartError } from "./PlanFooter";
import { saySizes, sayStrategy, sayVerdict } from "./plan";
import { numberOf } from "./state";

/** What going back to a release would do, asked of cluster and registry, and the one button that does it. */
export function RollBackDialog({
  row,
  card,
  onClose,
}: {
  row: ReleaseRow;
  card: GroupCard;
  onClose: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const words = text.release.back;
  const number = numberOf(row, text);
  const [scope, setScope] = useState<BackScope>("configuration");
  const [note, setNote] = useState("");
  const query = useCall("rollback_plan", { release: row.id, scope }, { keep: true });
  const start = useOrder("release_start", {
    quiet: true,
    onDone: (release) =>
      void navigate({
        to: "/app/$app/releases/$release",
        params: { app: row.app, release },
      }).then(onClose),
  });
  const view = query.data;
  const plan = view && !query.error && !query.isPlaceholderData ? view.plan : undefined;
  const blocked = plan?.verdicts.filter(({ level }) => level === "blocks").length ?? 0;
  const environment = view?.plan.environment ?? row.environment;
  const again = () => {
    start.reset();
    void query.refetch();
  };

  return (
    <Dialog
      open
      onClose={onClose}
      width={700}
      title={
        <span className={css.title}>
          {words.title(row.group_name, number)}
          <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
        </span>
      }
      description={
        view ? (view.plan.batches.length > 0 ? words.batches(number) : words.rolls(number)) : null
      }
      facts={
        plan
          ? [saySizes(plan, format), sayStrategy(plan, text, format)]
              .filter(Boolean)
              .join(text.value.comma)
          : null
      }
      action={{
        label: start.pending ? words.going : words.go(row.group_name),
        kind: environment.protected ? "production" : "filled",
        busy: start.pending,
        disabled: !plan || query.isFetching,
        notYet: blocked > 0 ? text.release.plan.blocked(String(blocked)) : false,
        onAction: () => plan && void start.run({ plan: plan.hash, note: note.trim() }),
      }}
    >
      {query.error ? (
        <ErrorState error={query.error} onRetry={again} />
      ) : view ? (
        <div className={css.body} aria-busy={query.isFetching}>
          <Versions view={view} plan={plan} />
          <section className={css.part}>
            <h3>{words.what}</h3>
            <RadioGroup
              label={words.what}
              value={scope}
              onChange={(next) => {
                start.reset();
                setScope(next);
              }}
              options={[
                { value: "image", label: words.image, note: words.imageNote },
                {
                  value: "configuration",
                  label: words.configuration(number),
                  note: alsoBack(view) ?? words.configurationNote,
                },
                ...(view.balancers.length > 0
                  ? [
                      {
                        value: "balancers" as const,
                        label: words.balancers(number),
                        note: words.balancersNote,
                      },
                    ]
                  : []),
              ]}
            />
          </section>
          {plan ? <InTheWay plan={plan} /> : null}
          <Since app={row.app} view={view} number={number} scope={scope} />
          <p className={css.subtle}>{words.drafts}</p>
          <Input
            aria-label={text.release.plan.note}
            placeholder={text.release.plan.notePlaceholder}
            value={note}
            onChange={setNote}
            maxLength={500}
          />
          {start.error ? (
            <StartError app={row.app} card={card} error={start.error} onPlanAgain={again} />
          ) : null}
        </div>
      ) : (
        <Skeleton rows={7} rowHeight={32} />
      )}
    </Dialog>
  );

  /** Releases between the two that are taken back with the last one. */
  function alsoBack({ changes, now }: RollbackView): string | null {
    const numbers = new Set(changes.flatMap(({ last }) => (last?.seq ? [last.seq] : [])));
    if (now.seq !== null) numbers.delete(now.seq);
    if (numbers.size === 0) return null;
    return words.alsoBack(format.list([...numbers].toSorted((a, b) => a - b).map((n) => `r${n}`)));
  }
}

const marks = { ok: "ok", warning: "warn", blocks: "danger" } as const satisfies Record<
  string,
  MarkState
>;

/** What runs, what will, and whether its image can be had. */
function Versions({ view, plan }: { view: RollbackView; plan: PlanView | undefined }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.back;
  const image = plan?.verdicts.find(({ check }) => check === "image");
  const said = { ok: words.yes, warning: words.unsure, blocks: words.no };
  return (
    <dl className={css.versions}>
      <div>
        <dt>{words.runsNow}</dt>
        <dd>
          <code>{visible(view.plan.from_version ?? view.now.to_version)}</code>{" "}
          <code className={css.subtle}>{numberOf(view.now, text)}</code>
        </dd>
      </div>
      <span className={css.arrow} aria-hidden="true">
        →
      </span>
      <div>
        <dt>{words.after}</dt>
        <dd>
          <code>
            <strong>{visible(view.to.to_version)}</strong>
          </code>{" "}
          <code className={css.subtle}>{numberOf(view.to, text)}</code>
        </dd>
      </div>
      <div className={css.pull}>
        <dt>{words.pull}</dt>
        <dd>
          {image && plan ? (
            <Status state={marks[image.level]}>
              {said[image.level]}{" "}
              <span className={css.subtle}>
                {sayVerdict(image, text)} · {words.checkedAt(format.time(plan.as_of))}
              </span>
            </Status>
          ) : (
            <Status state="rolling" tone="plain">
              {words.checking}
            </Status>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** Every check that is not simply good, the ones that block first; the image has its own place. */
function InTheWay({ plan }: { plan: PlanView }) {
  const text = useText();
  const found = plan.verdicts.filter(({ level, check }) => level !== "ok" && check !== "image");
  if (found.length === 0) return null;
  const sorted = found.toSorted(
    (a, b) => Number(b.level === "blocks") - Number(a.level === "blocks"),
  );
  return (
    <section className={css.part}>
      <h3>{text.release.back.inTheWay}</h3>
      <ul>
        {sorted.map((verdict) => (
          <li key={`${verdict.check}/${verdict.code}`} className={css.verdict}>
            <StatusMark
              state={marks[verdict.level]}
              label={text.release.plan.level[verdict.level]}
            />
            <span>{text.release.plan.check[verdict.check]}</span>
            <span>{sayVerdict(verdict, text)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What else differs between then and now, with who changed it last. */
function Since({
  app,
  view,
  number,
  scope,
}: {
  app: string;
  view: RollbackView;
  number: string;
  scope: BackScope;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.back;
  const { changes, balancers, now } = view;
  return (
    <section className={css.part}>
      <div className={css.heading}>
        <h3>{words.since(number)}</h3>
        <Link
          to="/app/$app/groups/$group/diff"
          params={{ app, group: view.to.group }}
          search={{ from: "released", to: `release:${view.to.id}` }}
        >
          {words.fullDiff}
        </Link>
      </div>
      {changes.length + balancers.length === 0 ? (
        <p className={css.subtle}>{words.nothing}</p>
      ) : (
        <ul className={css.since}>
          {changes.map((one) => (
            <li key={`${one.change.section}/${one.key}/${one.change.field}`}>
              <Mark one={one} now={now.seq} />
              <span className={css.of}>
                {one.last?.seq ? `r${one.last.seq} ` : null}
                {text.diff.section[one.change.section]}
              </span>
              <span className={css.change}>
                <code>{visible(one.change.field)}</code> <Said one={one} />
                {scope === "image" ? <span className={css.subtle}> · {words.stays}</span> : null}
              </span>
              <span className={css.who}>
                {one.last ? (
                  <>
                    {visible(one.last.by)},{" "}
                    <time dateTime={one.last.at} title={format.exact(one.last.at)}>
                      {format.dateTime(one.last.at)}
                    </time>
                  </>
                ) : (
                  words.earlier
                )}
              </span>
            </li>
          ))}
          {balancers.map(({ name, what }) => (
            <li key={name}>
              <Icon of={Network} size={14} />
              <span className={css.of}>{words.balancer}</span>
              <span className={css.change}>
                {words.balancerSince[what](visible(name))}
                <span className={css.subtle}>
                  {" · "}
                  {scope === "balancers" ? words.balancerBack[what] : words.stays}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A change of another release than the last is marked: it goes back, too. */
function Mark({ one, now }: { one: BackChange; now: number | null }) {
  const other = one.last?.seq !== undefined && one.last.seq !== now;
  return other ? <StatusMark state="warn" size={14} /> : <Icon of={FileText} size={14} />;
}

function Said({ one: { change, key } }: { one: BackChange }) {
  const text = useText();
  const format = useFormat();
  // The value of a key is told as such, not as a file.
  const said = sayChange(key ? { ...change, section: "variables" } : change, text, format);
  if (said.word !== undefined) return <span className={css.subtle}>{said.word}</span>;
  return (
    <>
      <del>{visible(said.before ?? text.release.unset)}</del>
      {" → "}
      <ins>{visible(said.after ?? text.release.unset)}</ins>
    </>
  );
}
