import { Link } from "@tanstack/react-router";
import { useCall } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Badge,
  Button,
  Copyable,
  EnvSquare,
  Facts,
  PodCells,
  QueryView,
  Skeleton,
  SplitHead,
  SplitPanel,
  Status,
  StatusMark,
  TruncateMiddle,
  visible,
} from "~/kit";
import { releaseMark } from "~/kit/health";
import type { ArtifactRow, ArtifactView } from "~/wire/types";
import css from "./artifact.module.css";
import { isOf, lookedAt, platformName, type Running, shortDigest } from "./artifacts";

/** The chosen tag beside the list: what it is, where it runs, and the releases with it. */
export function ArtifactPanel({
  app,
  tag,
  running,
}: {
  app: string;
  tag: string;
  running: Running[] | undefined;
}) {
  const words = useText().artifact;
  const view = useCall("artifact_get", { app, tag });
  return (
    <SplitPanel label={tag}>
      <QueryView query={view} skeleton={<Skeleton rows={8} />}>
        {({ row, releases }) => (
          <>
            <SplitHead
              actions={
                row.image?.other ? null : (
                  <Button
                    kind={row.gone ? "default" : "filled"}
                    render={
                      <Link
                        to="/app/$app/releases/new"
                        params={{ app }}
                        search={{ choose: row.tag }}
                      />
                    }
                  >
                    {words.deploy}
                  </Button>
                )
              }
            >
              <h2 title={row.tag} className={css.name}>
                {row.tag}
              </h2>
              <Badge tone={row.gone ? "warn" : "ok"}>{row.gone ? words.gone : words.there}</Badge>
            </SplitHead>
            <section className={css.part}>
              <What row={row} />
            </section>
            <RunsOn running={running} />
            <Releases app={app} row={row} releases={releases} />
          </>
        )}
      </QueryView>
    </SplitPanel>
  );
}

function What({ row }: { row: ArtifactRow }) {
  const text = useText();
  const format = useFormat();
  const words = text.artifact;
  const image = lookedAt(row);
  const unknown = <span className={css.subtle}>{row.gone ? "–" : words.notLooked}</span>;
  const facts = [
    {
      label: words.facts.digest,
      value: row.digest ? (
        <Copyable text={row.digest} label={words.facts.digest}>
          <TruncateMiddle text={row.digest} />
        </Copyable>
      ) : (
        unknown
      ),
    },
  ];
  if (row.image?.other) {
    facts.push({ label: words.facts.kind, value: <code>{row.image.other}</code> });
    return <Facts labelWidth={72} items={facts} />;
  }
  facts.push(
    {
      label: words.facts.built,
      value: image?.created ? (
        <time dateTime={image.created} title={format.exact(image.created)}>
          {format.dateTime(image.created)}
        </time>
      ) : (
        unknown
      ),
    },
    {
      label: words.facts.platforms,
      value: row.image ? (
        <span className={css.platforms}>
          {row.image.platforms.map((one) => (
            <Badge key={one.digest}>{platformName(one)}</Badge>
          ))}
        </span>
      ) : (
        unknown
      ),
    },
    {
      label: words.facts.size,
      value: image?.size ? (
        <span>
          {format.bytes(image.size)}{" "}
          <span className={css.subtle}>{words.sizeOf(platformName(image))}</span>
        </span>
      ) : (
        unknown
      ),
    },
  );
  if (image?.revision) {
    facts.push({
      label: words.facts.commit,
      value: (
        <Copyable text={image.revision} label={words.facts.commit}>
          <code>{visible(image.revision.slice(0, 12))}</code>
        </Copyable>
      ),
    });
  }
  return <Facts labelWidth={72} items={facts} />;
}

function RunsOn({ running }: { running: Running[] | undefined }) {
  const text = useText();
  const format = useFormat();
  const words = text.artifact;
  return (
    <section className={css.part}>
      <h3>{words.runsOn}</h3>
      {running ? (
        <ul className={css.rows}>
          {running.map(({ group, environment, count, desired, cells, staleSince }) => (
            <li key={group.id} title={staleSince ? words.asOf(format.time(staleSince)) : undefined}>
              {environment ? (
                <EnvSquare
                  colour={environment.colour}
                  label={environmentWord(environment.name, text)}
                />
              ) : null}
              <span className={css.cut}>{group.name}</span>
              <span className={css.cells}>
                <PodCells pods={cells.map((state) => ({ state }))} />
              </span>
              <span className={css.number}>
                {words.podsOf(format.number(count), format.number(desired))}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className={css.subtle}>{words.runsNowhere}</p>
      )}
    </section>
  );
}

function Releases({ app, row, releases }: { app: string } & ArtifactView) {
  const text = useText();
  const format = useFormat();
  const words = text.artifact;
  return (
    <section className={css.part}>
      <h3>{words.withImage}</h3>
      {releases.length === 0 ? (
        <p className={css.subtle}>{words.noRelease}</p>
      ) : (
        <ul className={css.rows}>
          {releases.map(({ release, digest }) => (
            <li key={release.id}>
              <StatusMark
                state={releaseMark(release.state)}
                label={text.release.state[release.state]}
              />
              <Link
                className={css.seq}
                to="/app/$app/releases/$release"
                params={{ app, release: release.id }}
              >
                {release.seq === null ? text.release.unnumbered : `r${release.seq}`}
              </Link>
              <span className={css.cut}>{release.group_name}</span>
              {digest && row.digest && !isOf(row, digest) ? (
                <span title={words.movedText(shortDigest(digest))}>
                  <Status state="warn">{words.moved}</Status>
                </span>
              ) : (
                <span className={css.person}>
                  {release.author.display || release.author.identity || "–"}
                </span>
              )}
              <span className={css.number}>{format.dateTime(release.created)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
