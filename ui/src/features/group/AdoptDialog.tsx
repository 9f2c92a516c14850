import { Link, useNavigate } from "@tanstack/react-router";
import { Server } from "lucide-react";
import { useView } from "~/app/page";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import { Button, Dialog, EmptyState, QueryView, Skeleton } from "~/kit";
import type { GroupCard } from "~/wire/types";
import { AdoptList } from "./AdoptList";
import { AdoptPreview } from "./AdoptPreview";
import { candidateOf } from "./adopt";

/** Which Deployment becomes a group, then what becomes of it. The address carries the choice. */
export function AdoptDialog({
  app,
  cards,
  onClose,
}: {
  app: string;
  cards: readonly GroupCard[];
  onClose: () => void;
}) {
  const text = useText();
  const words = text.adopt;
  const [from, setFrom] = useView("from");
  const navigate = useNavigate();
  const clusters = useCall("cluster_list", null);
  const apps = useCall("app_get", app);
  const environments = useCall("environment_list", null);
  const chosen = candidateOf(from);
  const row = clusters.data?.find(({ link }) => link.id === chosen?.link);
  if (chosen && row && apps.data && environments.data) {
    return (
      <AdoptPreview
        key={from}
        app={apps.data}
        cards={cards}
        link={row.link}
        environments={environments.data}
        workload={chosen.workload}
        onBack={() => setFrom(undefined, { replace: true })}
        onClose={onClose}
        onDone={(group) =>
          void navigate({ to: "/app/$app/groups/$group", params: { app, group }, search: {} })
        }
      />
    );
  }
  return (
    <Dialog open width={760} onClose={onClose} title={words.title} description={words.text}>
      <QueryView
        query={clusters}
        skeleton={<Skeleton rows={4} />}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <EmptyState
            icon={Server}
            title={words.noLinks}
            action={<Button render={<Link to="/clusters" />}>{words.clusters}</Button>}
          >
            {words.noLinksText}
          </EmptyState>
        }
      >
        {(rows) => (
          <AdoptList
            links={rows.map(({ link }) => link)}
            repository={apps.data?.repository ?? ""}
            onChoose={(link, workload) => setFrom(`${link}/${workload}`, { replace: true })}
          />
        )}
      </QueryView>
    </Dialog>
  );
}
