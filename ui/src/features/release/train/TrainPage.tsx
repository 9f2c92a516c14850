import { Link, useParams } from "@tanstack/react-router";
import { Laptop, SearchX } from "lucide-react";
import { useState } from "react";
import { Page } from "~/app/page";
import { useCall, useFeeds } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Badge,
  Bar,
  Button,
  EmptyState,
  Icon,
  QueryView,
  Skeleton,
  Status,
  useKeepFocus,
  useNow,
  visible,
} from "~/kit";
import type { TrainAction, TrainView } from "~/wire/types";
import releaseCss from "../release.module.css";
import { hasEnded, personOf } from "../state";
import { BeginButton, CarDecisions, EndButton, PauseButton, ResumeButton } from "./actions";
import { CarList } from "./CarList";
import type { Releases } from "./events";
import { Moves } from "./Moves";
import { NextPlan } from "./NextPlan";
import css from "./page.module.css";
import { RulePanel } from "./RulePanel";
import { TrainTimeline } from "./TrainTimeline";
import { asksNow, isOver, nameOf, sayState, sayWhy, trainMark } from "./words";

/** One train: where it stands, what it waits for, and what can be done about it. */
export default function TrainPage() {
  const text = useText();
  const params: { app?: string; train?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const id = params.train ?? "";
  const query = useCall("train_get", id);
  const view = query.data;
  const here = view?.cars.find(({ group }) => group === (view.watched ?? view.next));
  const missing = query.error?.code === "not_found";
  return (
    <Page
      title={view ? text.release.train.title(visible(view.row.version)) : text.frame.page.train}
      path={[
        <Link key="releases" to="/app/$app/releases" params={{ app }}>
          {text.release.releases}
        </Link>,
      ]}
      env={here?.environment.colour}
    >
      {missing ? (
        <EmptyState
          icon={SearchX}
          title={text.release.train.notFound}
          action={
            <Button render={<Link to="/app/$app/releases" params={{ app }} />}>
              {text.release.toReleases}
            </Button>
          }
        >
          {text.release.train.notFoundText}
        </EmptyState>
      ) : (
        <QueryView query={query} skeleton={<Skeleton rows={6} rowHeight={44} />}>
          {(shown) => <Train key={shown.row.id} view={shown} app={app} />}
        </QueryView>
      )}
    </Page>
  );
}

function Train({ view, app }: { view: TrainView; app: string }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  const now = useNow(1_000);
  const [taking, setTaking] = useState(false);
  const { row, stopped, next } = view;
  const over = isOver(row.state);
  const may = (action: TrainAction) => view.actions.includes(action);
  const ofPlan =
    stopped !== null && (stopped.why.kind === "moved" || stopped.why.kind === "unconfirmed");
  const person = visible(personOf(row.author));
  const part = useKeepFocus<HTMLDivElement>();
  const watched = view.cars.find(({ group }) => group === view.watched)?.release;
  const releases = useReleases(view);
  return (
    <div ref={part} className={css.whole}>
      <section className={releaseCss.head}>
        <div className={releaseCss.titleLine}>
          <div className={releaseCss.titles}>
            <h2 className={releaseCss.title}>
              {visible(row.version)} <Badge>{words.of(format.number(row.cars))}</Badge>
              <span className={releaseCss.by}>
                {words.by(person, format.dateTime(row.created, now))}
              </span>
            </h2>
            <p className={releaseCss.status}>
              <Status state={trainMark(row.state)}>
                <strong>{sayState(view, text, format, now)}</strong>
              </Status>
              <span>· {words.passed(format.number(row.passed), format.number(row.cars))}</span>
            </p>
          </div>
          <div className={releaseCss.decisions}>
            {may("pause") ? <PauseButton view={view} /> : null}
            {may("end") ? <EndButton view={view} /> : null}
            {may("take_over") && !taking ? (
              <Button onClick={() => setTaking(true)}>{words.takeOver}</Button>
            ) : null}
            {may("resume") && !ofPlan ? <ResumeButton view={view} /> : null}
            {!over && watched && !hasEnded(watched.state) ? (
              <CarDecisions release={watched.id} />
            ) : null}
            {may("begin") && asksNow(view, now) ? <BeginButton view={view} /> : null}
          </div>
        </div>
        {over ? null : (
          <p className={releaseCss.promise}>
            <Icon of={Laptop} />
            <span>
              <strong>{words.promise}</strong> {words.promiseText}{" "}
              {view.ours
                ? words.promiseOurs
                : words.promiseOthers(visible(personOf(view.driver)), visible(view.driver.device))}
            </span>
          </p>
        )}
      </section>
      {stopped && !over ? (
        <Bar kind="problem" title={words.state.stopped}>
          {sayWhy(stopped.why, view, text, format)}
        </Bar>
      ) : null}
      <div className={releaseCss.columns}>
        <div className={releaseCss.main}>
          {taking && may("take_over") ? (
            <NextPlan
              view={view}
              groups={view.cars.flatMap((car) => (car.state === "waiting" ? [car.group] : []))}
              title={words.takeOverTitle}
              said={words.takeOverText(visible(personOf(view.driver)))}
              heading={next ? words.takeOverNext(nameOf(view, next)) : ""}
              action="take_over"
              label={words.takeOverDo}
              onBack={() => setTaking(false)}
            />
          ) : ofPlan && next && may("resume") ? (
            <NextPlan
              view={view}
              groups={[next]}
              heading={words.planNow(nameOf(view, next))}
              action="resume"
              label={words.resumePlan}
            />
          ) : null}
          <CarList view={view} releases={releases} app={app} now={now} />
        </div>
        <aside className={releaseCss.side}>
          <RulePanel view={view} />
          <TrainTimeline view={view} releases={releases} />
          <Moves view={view} releases={releases} />
        </aside>
      </div>
    </div>
  );
}

/** The releases of the groups that have begun, live. */
function useReleases({ cars }: TrainView): Releases {
  const feeds = useFeeds(
    cars.flatMap(({ release }) =>
      release ? [{ kind: "release" as const, release: release.id }] : [],
    ),
  );
  return new Map(feeds.flatMap(({ rows }) => rows.map((row) => [row.id, row])));
}
