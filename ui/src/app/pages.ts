import { useRouterState } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import { routes } from "./routes";

interface AppPage {
  key: string;
  title: string;
  icon: LucideIcon;
  current: boolean;
  /** Its address, complete. */
  to: string;
}

/** The pages of an app, as sidebar, rail and palette list them. None until its groups are known: no entry moves later. */
export function useAppPages(app: string): AppPage[] {
  const text = useText();
  const here = useRouterState({ select: (state) => state.location.pathname });
  const groups = useCall("group_list", app);
  // The page of the group looked at last would need a memory; the first one is always right.
  const group = groups.data?.[0]?.id;
  const pages: AppPage[] = [];
  if (groups.isPending) return pages;
  for (const [key, route] of Object.entries(routes)) {
    if (!("icon" in route)) continue;
    // Without a group nothing runs: no entry that leads nowhere.
    if (key === "running" && !group) continue;
    const base = route.path.replace("/$group", "").replace("$app", app);
    pages.push({
      key,
      title: text.frame.page[route.title],
      icon: route.icon,
      current: here === base || here.startsWith(`${base}/`),
      to: route.path.replace("$app", app).replace("$group", group ?? ""),
    });
  }
  return pages;
}
