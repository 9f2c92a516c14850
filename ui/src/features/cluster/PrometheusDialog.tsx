import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import {
  Button,
  Dialog,
  ErrorState,
  Field,
  Input,
  Skeleton,
  Status,
  useWords,
  visible,
} from "~/kit";
import type { ClusterRow, PrometheusView } from "~/wire/types";
import css from "./cluster.module.css";

/** Where network and requests of this cluster's pods are asked for: found by itself, or typed. */
export function PrometheusDialog({ row, onClose }: { row: ClusterRow; onClose: () => void }) {
  const words = useText().cluster.prometheus;
  const query = useCall("cluster_prometheus", row.link.id);
  return query.data ? (
    <Known key={query.data.typed} row={row} view={query.data} onClose={onClose} />
  ) : (
    <Dialog open onClose={onClose} title={words.title(row.link.name)} description={words.text}>
      {query.error ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton rows={2} />
      )}
    </Dialog>
  );
}

function Known({
  row,
  view,
  onClose,
}: {
  row: ClusterRow;
  view: PrometheusView;
  onClose: () => void;
}) {
  const text = useText();
  const words = text.cluster.prometheus;
  const [place, setPlace] = useState(view.typed);
  const save = useOrder("cluster_prometheus_set", { quiet: true });
  const refused = save.error?.fields.find((one) => one.field === "prometheus");
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(row.link.name)}
      description={words.text}
      action={{
        label: words.save,
        busy: save.pending,
        disabled: place.trim() === view.typed,
        onAction: () => void save.run({ id: row.link.id, place: place.trim() }),
      }}
    >
      <Answer view={view} />
      <Field
        stacked
        label={words.place}
        hint={words.placeHint}
        error={refused && sayFieldError(refused, text)}
      >
        <Input
          value={place}
          placeholder={view.place === null ? words.placeholder : visible(view.place)}
          onChange={(value) => {
            save.reset();
            setPlace(value);
          }}
        />
      </Field>
      {save.error && !refused ? <ErrorState compact error={save.error} /> : null}
    </Dialog>
  );
}

function Answer({ view }: { view: PrometheusView }) {
  const text = useText();
  const words = text.cluster.prometheus;
  const { copyText } = useWords();
  const place = view.place === null ? "" : visible(view.place);
  return (
    <>
      <p>
        {view.missing === null ? (
          <Status state="ok">
            <span className={css.answer}>{words.answers(place)}</span>
          </Status>
        ) : (
          <Status state={view.missing === "unknown" ? "aborted" : "warn"}>
            <span className={css.answer}>{words.missing[view.missing](place)}</span>
          </Status>
        )}
      </p>
      {view.yaml ? (
        <figure className={css.yaml} aria-label={words.yaml}>
          <pre>{visible(view.yaml)}</pre>
          <Button small onClick={() => void copyText(view.yaml)}>
            {text.common.copy}
          </Button>
        </figure>
      ) : null}
    </>
  );
}
