import { afterEach, beforeEach } from "vitest";
import { story } from "~/dev/story";
import { simulateCore } from "~/platform/simulate";

/** Each test of a file on the story's core; answers the payloads with which a call was asked. */
export function askedOfStory(): (name: string) => unknown[] {
  let asked: { name: string; payload: unknown }[] = [];
  let clear = () => {};
  beforeEach(() => {
    asked = [];
    clear = simulateCore({
      ...story(new URLSearchParams("lang=en")),
      onCommand: (command, args) => {
        if (command === "call") asked.push({ name: String(args.name), payload: args.payload });
      },
    });
  });
  afterEach(() => clear());
  return (name) => asked.filter((one) => one.name === name).map(({ payload }) => payload);
}
