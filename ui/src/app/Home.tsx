import { Navigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useCall } from "~/data";
import { QueryView } from "~/kit";
import { useSettings } from "./settings";

const FirstRun = lazy(() => import("~/features/app/FirstRunPage"));

/** Where the person was last, else the first app, else the first run. */
export function Home() {
  return <Start restore />;
}

/** An address that leads nowhere: begin anew, and not where the person was last, which may be this very address. */
export function NotFound() {
  return <Start restore={false} />;
}

function Start({ restore }: { restore: boolean }) {
  const apps = useCall("app_list", null);
  const { settings, known } = useSettings();
  return (
    <QueryView query={apps}>
      {(list) => {
        if (!known) return null;
        const app = list.find(({ pinned }) => pinned) ?? list[0];
        if (!app) {
          return (
            <Suspense>
              <FirstRun />
            </Suspense>
          );
        }
        const last = settings.last_route;
        const exists = list.some(({ id }) => last.startsWith(`/app/${id}/`));
        if (restore && (exists || last === "/clusters" || last === "/settings")) {
          return <Navigate to={last} replace />;
        }
        return <Navigate to="/app/$app/overview" params={{ app: app.id }} replace />;
      }}
    </QueryView>
  );
}
