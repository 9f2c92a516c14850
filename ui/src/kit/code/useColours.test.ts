import { renderHook, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { useColours } from "./useColours";

it("keeps the colours of lines that the next text has too, before it is parsed", async () => {
  const colours = (text: string) => useColours(text, "yaml");
  const { result, rerender } = renderHook(colours, { initialProps: "port: 80\nname: web" });
  expect(result.current(0)).toEqual([]);
  await waitFor(() => expect(result.current(0)).not.toEqual([]));
  const [port, name] = [result.current(0), result.current(1)];

  rerender("# moved\nport: 80\nname: api");
  expect([0, 1, 2].map((line) => result.current(line))).toEqual([[], port, []]);
  await waitFor(() => expect(result.current(2)).toEqual(name));
  expect(result.current(1)).toEqual(port);
  expect(result.current(0)[0]?.slice(0, 2)).toEqual([0, 7]);
});
