import type { QueryClient } from "@tanstack/react-query";
import { askAhead } from "~/data";
import { languageOf, loadCatalogue } from "~/i18n";
import type { AppRow, Settings } from "~/wire/types";
import type { router } from "./router";

/** The first picture waits this long, ms, for what stands on it; then it is drawn with what there is. */
const PATIENCE = 400;

/**
 * Asks at once for all that the first page stands on, so that it is drawn once and whole. What fails or takes longer is
 * said by the page itself.
 */
export async function begin(client: QueryClient, window: typeof router): Promise<void> {
  const messages = loadCatalogue(languageOf("system", navigator.language)).catch(() => {});
  const apps = askAhead(client, "app_list", null);
  const settings = await askAhead(client, "setting_get", null);
  const onward = async () => {
    const [list] = await Promise.all([apps, messages]);
    const { history } = window;
    const place = settings && list ? firstPlace(list, settings) : null;
    if (place && history.location.pathname === "/") history.replace(place);
    const app = /^\/app\/([^/]+)\/overview$/.exec(history.location.pathname)?.[1];
    await Promise.all([
      app ? askAhead(client, "app_overview", app) : undefined,
      window.load().catch(() => {}),
    ]);
  };
  await Promise.race([onward(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** Where the person was last, while that exists, else the first app. Null before there is one. */
export function firstPlace(apps: readonly AppRow[], { last_route }: Settings): string | null {
  if (apps.length === 0) return null;
  const exists = apps.some(({ id }) => last_route.startsWith(`/app/${id}/`));
  if (exists || last_route === "/clusters" || last_route === "/settings") return last_route;
  return firstApp(apps);
}

/** The overview of the first app, pinned ones before the others. Null before there is one. */
export function firstApp(apps: readonly AppRow[]): string | null {
  const app = apps.find(({ pinned }) => pinned) ?? apps[0];
  return app ? `/app/${app.id}/overview` : null;
}
