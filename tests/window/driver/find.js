// Roles and accessible names as assistive technology has them, for what is visible. The subset of WAI-ARIA and
// accname that this page uses: explicit roles, native elements, labels, names from content.

const NATIVE = {
  article: "article", aside: "complementary", button: "button", dd: "definition", dialog: "dialog", dt: "term",
  fieldset: "group", figure: "figure", footer: "contentinfo", h1: "heading", h2: "heading", h3: "heading",
  h4: "heading", h5: "heading", h6: "heading", header: "banner", hr: "separator", img: "img", li: "listitem",
  main: "main", menu: "list", meter: "meter", nav: "navigation", ol: "list", option: "option", output: "status",
  progress: "progressbar", table: "table", tbody: "rowgroup", td: "cell", textarea: "textbox", tfoot: "rowgroup",
  thead: "rowgroup", tr: "row", ul: "list",
};
const INPUT = {
  button: "button", checkbox: "checkbox", email: "textbox", image: "button", number: "spinbutton", radio: "radio",
  range: "slider", reset: "button", search: "searchbox", submit: "button", tel: "textbox", text: "textbox",
  url: "textbox", password: "textbox",
};
// Roles that take their name from what is in them.
const FROM_CONTENT = new Set([
  "button", "cell", "checkbox", "columnheader", "gridcell", "heading", "link", "menuitem", "menuitemcheckbox",
  "menuitemradio", "option", "radio", "row", "rowheader", "switch", "tab", "tooltip", "treeitem", "listitem",
]);

function roleOf(element) {
  const explicit = element.getAttribute("role")?.trim().split(/\s+/)[0];
  if (explicit) return explicit;
  const tag = element.localName;
  if (tag === "a" || tag === "area") return element.hasAttribute("href") ? "link" : null;
  if (tag === "input") return element.hasAttribute("list") ? "combobox" : (INPUT[element.type] ?? null);
  if (tag === "select") return element.multiple || element.size > 1 ? "listbox" : "combobox";
  if (tag === "th") return element.scope === "row" ? "rowheader" : "columnheader";
  if (tag === "img") return element.getAttribute("alt") === "" ? null : "img";
  if (tag === "section") return named(element) ? "region" : null;
  if (tag === "form") return named(element) ? "form" : null;
  if (tag === "summary") return "button";
  if (element.isContentEditable && element.hasAttribute("contenteditable")) return "textbox";
  return NATIVE[tag] ?? null;
}

function named(element) {
  return element.hasAttribute("aria-label") || element.hasAttribute("aria-labelledby");
}

function nameOf(element) {
  const role = roleOf(element);
  const labelled = byIds(element, "aria-labelledby") || attribute(element, "aria-label");
  if (labelled) return labelled;
  if (element.labels?.length) {
    const label = tidy([...element.labels].map((label) => content(label, element)).join(" "));
    if (label) return label;
  }
  if (element.localName === "input" && ["button", "submit", "reset"].includes(element.type)) return tidy(element.value);
  if (element.localName === "img" && element.alt) return tidy(element.alt);
  const inner = { fieldset: "legend", table: "caption", figure: "figcaption" }[element.localName];
  const title = inner && element.querySelector(`:scope > ${inner}`);
  if (title) return tidy(content(title));
  if (FROM_CONTENT.has(role)) {
    const text = tidy(content(element));
    if (text) return text;
  }
  return attribute(element, "title") || attribute(element, "placeholder");
}

function attribute(element, name) {
  return tidy(element.getAttribute(name) ?? "");
}

function byIds(element, name) {
  const ids = element.getAttribute(name)?.split(/\s+/) ?? [];
  const parts = ids.map((id) => document.getElementById(id)).filter(Boolean);
  return tidy(parts.map((part) => attribute(part, "aria-label") || content(part)).join(" "));
}

/** The text in an element as it is read out; `except` is the field a label wraps. */
function content(node, except) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node === except || node.getAttribute("aria-hidden") === "true") return "";
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden") return "";
  const own = node.getAttribute("aria-label") ?? (node.localName === "img" ? node.alt : null);
  if (own) return own;
  const text = [...node.childNodes].map((child) => content(child, except)).join("");
  return style.display.startsWith("inline") ? text : ` ${text} `;
}

function tidy(text) {
  return text.replace(/\s+/g, " ").trim();
}

/** Whether a person, with or without a screen reader, can meet it. */
function reachable(element) {
  if (element.closest('[aria-hidden="true"], [inert]')) return false;
  const style = getComputedStyle(element);
  return style.visibility !== "hidden" && element.getClientRects().length > 0;
}

function meant(element, { role, name }) {
  if (roleOf(element) !== role || !reachable(element)) return false;
  if (name === null) return true;
  return "is" in name ? nameOf(element) === tidy(name.is) : nameOf(element).includes(tidy(name.contains));
}

function find(by) {
  const roots = by.within ? find(by.within) : [document];
  const inside = new Set(roots.flatMap((root) => [...root.querySelectorAll("*")]));
  const found = [...inside].filter((element) => meant(element, by));
  return by.nth === null ? found : found.slice(by.nth, by.nth + 1);
}

function describe(element) {
  if (!element) return "";
  const name = nameOf(element);
  const states = ["disabled", "aria-disabled", "aria-invalid", "aria-expanded", "aria-selected", "aria-checked"]
    .filter((state) => element.hasAttribute(state) && element.getAttribute(state) !== "false")
    .map((state) => ` [${state.replace("aria-", "")}]`);
  return `${roleOf(element) ?? element.localName}${name ? ` ${JSON.stringify(name)}` : ""}${states.join("")}`;
}

function outline() {
  const lines = [];
  const visit = (element, depth) => {
    const told = roleOf(element) !== null && reachable(element);
    if (told) lines.push("  ".repeat(depth) + describe(element));
    for (const child of element.children) visit(child, told ? depth + 1 : depth);
  };
  visit(document.body, 0);
  return lines.join("\n");
}
