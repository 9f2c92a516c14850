import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

const page = "/app/app-checkout/releases/release-staging-63";

async function open(query: string, tab: string) {
  const core = story(new URLSearchParams(query));
  const { address } = openWindow(core, `${page}?tab=${tab}`);
  return { address, core };
}

it("draws network and requests of both versions, and says who counts", async () => {
  const user = userEvent.setup();
  const { address } = await open("lang=en", "network");
  const received = await screen.findByRole("img", { name: /^Received per pod: / });
  expect(received.getAttribute("aria-label")).toMatch(/KiB\/s.*KiB\/s/);
  expect(screen.getByRole("img", { name: /^Sent per pod: / })).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "Requests" }));
  expect(await screen.findByRole("img", { name: /^Requests: .*\/s/ })).toBeTruthy();
  expect(screen.getByRole("img", { name: /^Errors: .*%/ })).toBeTruthy();
  expect(screen.getByText(/^http_requests_total, as the Prometheus at monitoring/)).toBeTruthy();
  expect(address()).toContain("tab=requests");
});

it.each([
  ["forbidden", "lang=en", /get services\/proxy/],
  ["forbidden", "lang=zh", /get services\/proxy/],
  ["unknown", "lang=en", /^No Prometheus was found in /],
  ["silent", "lang=zh", /没有响应。$/],
])(
  "says why nothing is known (%s, %s), and leads to where that can be mended",
  async (why, language, said) => {
    await open(`${language}&traffic=${why}`, "network");
    expect(await screen.findByText(said)).toBeTruthy();
    const link = screen.getByRole("link", { name: /Prometheus/ });
    expect(link.getAttribute("href")).toContain("/clusters?open=");
  },
);

it("names the series it looked for where there is none", async () => {
  await open("lang=en&traffic=no_series", "requests");
  expect(await screen.findByText(/container_network_receive_bytes_total/)).toBeTruthy();
  expect(screen.queryByRole("link", { name: /Prometheus/ })).toBeNull();
});
