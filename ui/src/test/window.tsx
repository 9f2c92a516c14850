import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { afterEach } from "vitest";
import { Surroundings } from "~/app/App";
import { router } from "~/app/router";
import { createClient, followChanges } from "~/data";
import { type SimulatedCore, simulateCore } from "~/platform/simulate";

let clear = () => {};
afterEach(() => clear());

/** The whole window at an address, on a simulated core, with nothing left from another test. */
export function openWindow(core: SimulatedCore, address: string) {
  clear();
  clear = simulateCore(core);
  const own = createRouter({
    ...router.options,
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  const client = createClient();
  const changes = followChanges(client);
  const emptied = clear;
  clear = () => {
    changes.end();
    emptied();
  };
  const { unmount } = render(
    <QueryClientProvider client={client}>
      <Surroundings>
        <RouterProvider router={own} />
      </Surroundings>
    </QueryClientProvider>,
  );
  return { unmount, address: () => own.state.location.href };
}
