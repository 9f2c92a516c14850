import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type ReactNode, useEffect, useLayoutEffect, useState } from "react";
import { createClient, followChanges } from "~/data";
import { LanguageProvider } from "~/i18n";
import { setWindowTheme } from "~/platform";
import type { Theme } from "~/wire/types";
import { begin } from "./begin";
import { Boundary } from "./Crash";
import { KitWords } from "./KitWords";
import { router } from "./router";
import { useSettings } from "./settings";

const client = createClient();

export function App() {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const changes = followChanges(client);
    void changes.begun.then(() => begin(client, router)).then(() => setReady(true));
    return changes.end;
  }, []);
  if (!ready) return null;
  return (
    <QueryClientProvider client={client}>
      <Surroundings>
        <Boundary>
          <RouterProvider router={router} />
        </Boundary>
      </Surroundings>
    </QueryClientProvider>
  );
}

/** Language, theme and the kit's words, as the settings say. */
export function Surroundings({ children }: { children: ReactNode }) {
  const { settings, settled } = useSettings();
  // Once something is spoken it stays, also while what could not be read is asked again.
  const [spoken, setSpoken] = useState(false);
  if (settled && !spoken) setSpoken(true);
  useTheme(settings.theme);
  return (
    <LanguageProvider setting={spoken ? settings.language : undefined}>
      <KitWords>{children}</KitWords>
    </LanguageProvider>
  );
}

function useTheme(theme: Theme): void {
  useLayoutEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    // The window's own frame follows where the system lets it.
    void setWindowTheme(theme === "system" ? null : theme).catch(() => {});
  }, [theme]);
}
