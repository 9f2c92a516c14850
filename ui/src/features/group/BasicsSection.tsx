import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { environmentWord, useText } from "~/i18n";
import {
  Button,
  EnvTag,
  Field,
  Icon,
  Input,
  type MarkState,
  Row,
  Section,
  Select,
  Status,
  StatusMark,
  Textarea,
} from "~/kit";
import type { App, ClusterLive, ClusterRow, Environment, GroupView } from "~/wire/types";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

const sessionMarks: Record<ClusterLive["session"]["state"], MarkState> = {
  connecting: "idle",
  ready: "ok",
  degraded: "warn",
  unreachable: "stale",
  sign_in_needed: "warn",
};

/** Who and where. Name, environment and cluster are for good: they stand in selectors of what runs. */
export function BasicsSection({
  form,
  app,
  view,
  environments,
  clusters,
  live,
}: {
  form: GroupForm;
  app: App;
  view: GroupView | null;
  environments: Environment[];
  clusters: ClusterRow[];
  live: ReadonlyMap<string, ClusterLive>;
}) {
  const text = useText();
  const place = { form, environments, clusters, live };
  // Whoever left the place open when it was begun can still choose it.
  const open = view === null || view.draft.environment === "" || view.draft.link === "";
  return (
    <Section id="basics" title={text.group.edit.basics}>
      {view ? <FixedName view={view} /> : <Name form={form} app={app} />}
      {open ? (
        <Place
          {...place}
          environmentFixed={view !== null && view.draft.environment !== ""}
          linkFixed={view !== null && view.draft.link !== ""}
        />
      ) : (
        <FixedPlace view={view} live={live.get(view.card.link)} />
      )}
      <Field label={text.group.edit.note} {...form.fieldProps("note")}>
        <Textarea
          className={css.lines}
          rows={form.draft.note.includes("\n") ? 3 : 1}
          placeholder={text.group.edit.notePlaceholder}
          {...form.input("note")}
        />
      </Field>
    </Section>
  );
}

function FixedName({ view }: { view: GroupView }) {
  const words = useText().group.edit;
  return (
    <Field group label={words.name}>
      <p className={css.fixed}>
        <code>{view.card.name}</code>
        <span className={css.subtle}>
          {words.objectsCalled} <code>{view.workload}</code>
        </span>
      </p>
    </Field>
  );
}

function Name({ form, app }: { form: GroupForm; app: App }) {
  const words = useText().group.edit;
  const typed = form.draft.name.trim();
  const wrong = form.errors?.some(({ field }) => field === "name") ?? true;
  return (
    <Field
      label={words.name}
      hint={typed === "" ? words.nameHint : undefined}
      {...form.fieldProps("name")}
    >
      <Row>
        <Input className={css.name} mono autoFocus {...form.input("name")} />
        {typed !== "" && !wrong && !form.checking ? (
          <Status state="ok" tone="plain">
            {words.nameFree} <code>{`${app.slug}-${typed}`}</code>
          </Status>
        ) : null}
      </Row>
    </Field>
  );
}

function FixedPlace({ view, live }: { view: GroupView; live: ClusterLive | undefined }) {
  const text = useText();
  const words = text.group.edit;
  const { card, environment } = view;
  return (
    <Field group label={text.group.environment}>
      <p className={css.fixed}>
        {environment ? (
          <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
        ) : (
          "–"
        )}
        <span className={css.beside}>{words.cluster}</span>
        {card.link_name === null ? (
          <Status state="stale">{text.group.list.unlinked}</Status>
        ) : (
          <>
            {live ? <StatusMark state={sessionMarks[live.session.state]} still /> : null}
            {card.link_name} <span className={css.subtle}>{card.namespace}</span>
          </>
        )}
      </p>
      <p className={css.lockNote}>
        <Icon of={Lock} size={14} />
        {words.fixed}
      </p>
    </Field>
  );
}

function Place({
  form,
  environments,
  clusters,
  live,
  environmentFixed,
  linkFixed,
}: {
  form: GroupForm;
  environments: Environment[];
  clusters: ClusterRow[];
  live: ReadonlyMap<string, ClusterLive>;
  environmentFixed: boolean;
  linkFixed: boolean;
}) {
  const text = useText();
  const words = text.group.edit;
  const { draft } = form;
  return (
    <Field group label={text.group.environment} {...form.fieldProps("environment", "link")}>
      <Row>
        <Select
          className={css.select}
          label={text.group.environment}
          disabled={environmentFixed}
          value={draft.environment || null}
          placeholder={words.chooseEnvironment}
          invalid={form.isWrong("environment")}
          onChange={(id) => form.set("environment", id)}
          options={environments.map((environment) => ({
            value: environment.id,
            label: environmentWord(environment.name, text),
            content: (
              <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
            ),
          }))}
        />
        <span className={css.beside}>{words.cluster}</span>
        {clusters.length === 0 ? (
          <>
            <span className={css.subtle}>{words.noClusters}</span>
            <Button small kind="tint" render={<Link to="/clusters" search={{ dialog: "link" }} />}>
              {words.linkCluster}
            </Button>
          </>
        ) : (
          <Select
            className={css.select}
            label={words.cluster}
            disabled={linkFixed}
            value={draft.link || null}
            placeholder={words.chooseCluster}
            invalid={form.isWrong("link")}
            onChange={(id) => form.set("link", id)}
            options={clusters.map(({ link }) => {
              const session = live.get(link.id)?.session;
              return {
                value: link.id,
                label: link.name,
                content: (
                  <span className={css.cluster}>
                    <StatusMark state={session ? sessionMarks[session.state] : "idle"} still />
                    {link.name} <span className={css.subtle}>{link.namespace}</span>
                  </span>
                ),
              };
            })}
          />
        )}
        <span className={css.lockNote}>
          <Icon of={Lock} size={14} />
          {words.bothStay}
        </span>
      </Row>
    </Field>
  );
}
