import { useNavigate, useParams } from "@tanstack/react-router";
import { FilePlus2, Plus, Upload } from "lucide-react";
import { useState } from "react";
import { Page, useView } from "~/app/page";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import { Button, QueryView, Segment, Skeleton, Status } from "~/kit";
import { EnvironmentView } from "./EnvironmentView";
import { FilesView } from "./FilesView";
import type { SaveState } from "./useFileText";
import { ValuesView } from "./ValuesView";

const VIEWS = ["files", "values", "environment"] as const;

/** Configuration of an app and all its groups: files, the values in them, variables. */
export default function ConfigPage() {
  const text = useText();
  const words = text.config;
  const params: { app?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const navigate = useNavigate();
  const [show] = useView("show");
  const [of] = useView("group");
  const [, setDialog] = useView("dialog");
  const [state, setState] = useState<SaveState | null>(null);
  const view = VIEWS.find((one) => one === show) ?? "files";
  const tree = useCall("config_tree", app);
  const matrix = useCall("config_matrix", app, { enabled: view === "values" });
  const group = tree.data?.groups.find(({ id }) => id === of);

  return (
    <Page
      key={app}
      title={text.frame.page.config}
      env={view === "values" ? undefined : group?.environment?.colour}
      note={
        <Segment
          label={words.view}
          value={view}
          // What is open in one view says nothing in another.
          onChange={(next) =>
            void navigate({
              to: ".",
              search: {
                ...(next === "files" ? {} : { show: next }),
                ...(next === "values" || of === undefined ? {} : { group: of }),
              },
            })
          }
          options={VIEWS.map((value) => ({ value, label: words[value] }))}
        />
      }
      actions={
        view === "values" ? (
          <Button icon={Plus} onClick={() => setDialog("key")}>
            {words.matrix.addKey}
          </Button>
        ) : (
          <>
            <Saved state={state} />
            {view === "files" ? (
              <Button icon={Upload} onClick={() => setDialog("import")}>
                {words.import.open}
              </Button>
            ) : null}
          </>
        )
      }
      offers={[
        {
          key: "config:file",
          label: words.create.title,
          icon: FilePlus2,
          run: () => void navigate({ to: ".", search: { dialog: "file" } }),
        },
        {
          key: "config:import",
          label: words.import.title,
          icon: Upload,
          run: () => void navigate({ to: ".", search: { dialog: "import" } }),
        },
        {
          key: "config:key",
          label: words.key.addTitle,
          icon: Plus,
          run: () => void navigate({ to: ".", search: { show: "values", dialog: "key" } }),
        },
      ]}
    >
      {view === "values" ? (
        <QueryView query={matrix} skeleton={<Skeleton rows={14} />}>
          {(data) => <ValuesView app={app} matrix={data} />}
        </QueryView>
      ) : (
        <QueryView query={tree} skeleton={<Skeleton rows={10} rowHeight={28} />}>
          {(data) =>
            view === "files" ? (
              <FilesView app={app} tree={data} onState={setState} />
            ) : (
              <EnvironmentView app={app} tree={data} onState={setState} />
            )
          }
        </QueryView>
      )}
    </Page>
  );
}

/** Whether what is typed is kept. Nothing is sent to a cluster from here. */
function Saved({ state }: { state: SaveState | null }) {
  const words = useText().config.file;
  if (state === null) return null;
  if (state === "saved") {
    return (
      <Status state="ok" tone="plain">
        {words.savedNow}
      </Status>
    );
  }
  return (
    <Status state={state === "saving" ? "rolling" : "warn"} tone="plain">
      {state === "saving" ? words.saving : words.unsaved}
    </Status>
  );
}
