import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useCall } from "~/data";
import { later, QueryView } from "~/kit";
import { firstApp, firstPlace } from "./begin";
import { useSettings } from "./settings";

const FirstRunPage = later(async () => (await import("~/features/app/FirstRunPage")).FirstRunPage);

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
  const { history } = useRouter();
  const [here] = useState(() => history.location.href);
  return (
    <QueryView query={apps}>
      {(list) => {
        if (!known) return null;
        const place = restore ? firstPlace(list, settings) : firstApp(list);
        return place ? <Onward from={here} to={place} /> : <FirstRunPage />;
      }}
    </QueryView>
  );
}

/** Replaces a page by another, unless the person has left it already and sees it only until their choice is drawn. */
function Onward({ from, to }: { from: string; to: string }) {
  const router = useRouter();
  useEffect(() => {
    if (router.history.location.href === from) void router.navigate({ href: to, replace: true });
  }, [router, from, to]);
  return null;
}
