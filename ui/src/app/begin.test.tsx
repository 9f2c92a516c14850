import { render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { simulateCore } from "~/platform/simulate";
import type { ApiError } from "~/wire/types";
import { App } from "./App";

let clear = () => {};
afterEach(() => clear());

it("says why where the core cannot be opened: no call and no feed is answered then", async () => {
  const newer: ApiError = {
    code: "database_newer",
    params: { path: "/data/slipway.db", found: "9999", known: "9" },
    detail: "open /data/slipway.db: of a newer version",
    hints: [],
    retryable: false,
    fields: [],
  };
  const refuse = () => {
    throw newer;
  };
  const calls = new Proxy({}, { get: () => refuse });
  const feeds = new Proxy({}, { get: () => refuse });
  clear = simulateCore({ calls, feeds });
  render(<App />);
  expect((await screen.findAllByText(/slipway\.db/)).length).toBeGreaterThan(0);
});
