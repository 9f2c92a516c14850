import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Catalogue } from ".";

function Word({ useText }: { useText: () => Catalogue }) {
  return <p>{useText().frame.page.overview}</p>;
}

it("draws nothing before its messages are there, and speaks the language before until the next ones are", async () => {
  let arrive = () => {};
  const underWay = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  vi.resetModules();
  vi.doMock("./zh", async (original) => {
    await underWay;
    return original();
  });
  const { LanguageProvider, useText } = await import("./Language");
  const spoken = (setting: "en" | "zh" | undefined) => (
    <LanguageProvider setting={setting}>
      <Word useText={useText} />
    </LanguageProvider>
  );
  const { container, rerender } = render(spoken(undefined));
  expect(container.textContent).toBe("");
  rerender(spoken("en"));
  await screen.findByText("Overview");
  rerender(spoken("zh"));
  expect(container.textContent).toBe("Overview");
  expect(document.documentElement.lang).toBe("en");
  arrive();
  await screen.findByText("概览");
  expect(document.documentElement.lang).toBe("zh-CN");
  vi.doUnmock("./zh");
});
