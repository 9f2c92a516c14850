import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { loadCatalogue } from "~/i18n";

afterEach(cleanup);

// Both languages are there, so that what is drawn is drawn at once.
await Promise.all([loadCatalogue("en"), loadCatalogue("zh")]);

// A page comes with its own piece of code, which a busy machine takes its time to load.
configure({ asyncUtilTimeout: 15_000 });
vi.setConfig({ testTimeout: 60_000 });

// The router takes a new page to its top.
window.scrollTo = () => {};

// jsdom has neither; both only say something about layout, which it does not do.
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;

window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// What is scrolled or measured has no place to be in.
Element.prototype.scrollIntoView ??= () => {};
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
