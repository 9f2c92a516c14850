import { Fragment, useState } from "react";
import { ruleWord, useFormat, useText } from "~/i18n";
import { Button, Copyable, Status, useNow, useWords, visible } from "~/kit";
import type { Grant, LinkPreview } from "~/wire/types";
import { expiryOf, grantMark, isOptional, shortFingerprint } from "./access";
import css from "./cluster.module.css";

/** What the credential says, and what the cluster says one may do with it. */
export function Preview({ preview, fromCode }: { preview: LinkPreview; fromCode: boolean }) {
  const text = useText();
  const format = useFormat();
  const words = text.cluster.dialog;
  const now = useNow(60_000);
  const expiry = expiryOf(preview.expires, now);
  return (
    <>
      <section className={css.block}>
        <h3>{fromCode ? words.says : words.saysContext}</h3>
        <dl className={css.grid}>
          <dt>{words.server}</dt>
          <dd>
            <Copyable text={preview.server} label={words.server} />
          </dd>
          <dt>{words.role}</dt>
          <dd>
            {preview.role ? (
              <>
                <strong>{text.cluster.role[preview.role]}</strong>{" "}
                <span className={css.subtle}>{text.cluster.roleNote[preview.role]}</span>
              </>
            ) : (
              text.cluster.noRole
            )}
          </dd>
          <dt>{words.fingerprint}</dt>
          <dd title={preview.fingerprint}>
            {preview.fingerprint ? (
              <Copyable text={preview.fingerprint} label={words.fingerprint}>
                SHA-256 {shortFingerprint(preview.fingerprint)}
              </Copyable>
            ) : (
              words.systemRoots
            )}
          </dd>
          <dt>{words.namespaceLabel}</dt>
          <dd className={css.mono}>{visible(preview.namespace)}</dd>
          <dt>{words.answers}</dt>
          <dd>
            <Status state="ok">
              {words.answersIn(visible(preview.server_version), format.number(preview.latency_ms))}
            </Status>
          </dd>
          <dt>{words.expires}</dt>
          <dd>
            {expiry.kind === "none" ? (
              words.never
            ) : expiry.kind === "ended" ? (
              text.cluster.ended(format.date(expiry.at))
            ) : (
              <span className={expiry.kind === "soon" ? css.soon : undefined}>
                {format.date(expiry.at)}{" "}
                <span className={css.subtle}>{words.expiresIn(format.number(expiry.days))}</span>
              </span>
            )}
          </dd>
          <dt>{words.identity}</dt>
          <dd className={css.wide} title={visible(preview.identity)}>
            {visible(preview.identity)}
          </dd>
        </dl>
      </section>
      <Rights grants={preview.grants} />
    </>
  );
}

function Rights({ grants }: { grants: Grant[] }) {
  const text = useText();
  const words = text.cluster.dialog;
  const [shown, setShown] = useState<string | null>(null);
  return (
    <section className={css.block}>
      <h3>
        {words.rights}
        <span className={css.subtle}>{words.asked}</span>
      </h3>
      <table className={css.rights} aria-label={words.rights}>
        <tbody>
          {grants.map((grant) => {
            const open = shown === grant.feature;
            return (
              <Fragment key={grant.feature}>
                <tr>
                  <th scope="row">{text.cluster.feature[grant.feature]}</th>
                  <td>
                    <Status state={grantMark(grant)}>{grant.allowed ? words.yes : words.no}</Status>
                  </td>
                  <td className={css.missing}>
                    <Missing grant={grant} />
                  </td>
                  <td>
                    {!grant.allowed && grant.yaml ? (
                      <Button
                        kind="link"
                        aria-expanded={open}
                        aria-label={`${open ? words.yamlHide : words.yaml}: ${text.cluster.feature[grant.feature]}`}
                        onClick={() => setShown(open ? null : grant.feature)}
                      >
                        {open ? words.yamlHide : words.yaml}
                      </Button>
                    ) : null}
                  </td>
                </tr>
                {open ? (
                  <tr>
                    <td colSpan={4}>
                      <Yaml grant={grant} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Missing({ grant }: { grant: Grant }) {
  const text = useText();
  const words = text.cluster.dialog;
  if (grant.allowed || grant.missing.length === 0) return null;
  if (grant.feature === "members") return words.ownerOnly;
  const rules = grant.missing.map(ruleWord).map(visible).join("; ");
  const said = isOptional(grant) ? words.missingOptional(rules) : words.missing(rules);
  return <span title={said}>{said}</span>;
}

function Yaml({ grant }: { grant: Grant }) {
  const text = useText();
  const { copyText } = useWords();
  return (
    <figure
      className={css.yaml}
      aria-label={text.cluster.dialog.yamlOf(text.cluster.feature[grant.feature])}
    >
      <pre>{visible(grant.yaml)}</pre>
      <Button small onClick={() => void copyText(grant.yaml)}>
        {text.common.copy}
      </Button>
    </figure>
  );
}
