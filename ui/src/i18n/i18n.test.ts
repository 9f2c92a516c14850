import { describe, expect, it } from "vitest";
import { CallError } from "~/platform";
import { en, Format, languageOf, localeOf, safeLocale, sayError, sayFieldError, zh } from ".";

describe("locale", () => {
  it.each(["C", "", "POSIX", "en_US.UTF-8", "not a locale", undefined])(
    "%s does not break formatting",
    (system) => {
      expect(safeLocale(system)).toBe("en");
      expect(new Format(localeOf("en", system), en).number(1204)).toBe("1,204");
    },
  );

  it("follows the system unless set", () => {
    expect(languageOf("system", "zh-CN")).toBe("zh");
    expect(languageOf("system", "de-DE")).toBe("en");
    expect(languageOf("en", "zh-CN")).toBe("en");
    expect(localeOf("en", "en-GB")).toBe("en-GB");
    expect(localeOf("zh", "en-GB")).toBe("zh-CN");
  });
});

describe("format", () => {
  const format = new Format("en", en);

  it("says amounts", () => {
    expect(format.bytes(222_298_112)).toBe("212 MiB");
    expect(format.bytes(1024 ** 3 * 1.76)).toBe("1.76 GiB");
    expect(format.bytes(0)).toBe("0 B");
    expect(format.cpu(131)).toBe("131m");
    expect(format.cpu(1500)).toBe("1.5");
    expect(format.percent(0.27)).toBe("27%");
  });

  it("says lengths of time in two units", () => {
    expect(format.duration(146_000)).toBe("2 min 26 sec");
    expect(format.duration(8_000)).toBe("8 sec");
    expect(format.duration(3_600_000)).toBe("1 hr");
    expect(format.duration(0)).toBe("0 sec");
    expect(new Format("zh-CN", zh).duration(146_000)).toBe("2 分钟 26 秒");
  });

  it("says how long ago", () => {
    const now = new Date(2025, 10, 20, 22, 45);
    const ago = (ms: number) => new Date(now.getTime() - ms);
    expect(format.relative(ago(1_000), now)).toBe("just now");
    expect(format.relative(ago(180_000), now)).toBe("3 min ago");
    expect(format.relative(ago(86_400_000 * 2), now)).toBe("2 days ago");
    expect(format.relative("nonsense", now)).toBe("–");
    expect(new Format("zh-CN", zh).relative(ago(180_000), now)).toBe("3 分钟前");
  });

  it("sets names off from Chinese signs", () => {
    expect(new Format("zh-CN", zh).list(["8080", "8081"])).toBe("8080 和 8081");
    expect(format.list(["8080", "8081"])).toBe("8080 and 8081");
  });

  it("says moments as short as they stay clear", () => {
    const now = new Date(2025, 10, 20, 22, 45);
    expect(format.dateTime(new Date(2025, 10, 20, 22, 14), now)).toBe("22:14");
    expect(format.dateTime(new Date(2025, 10, 19, 16, 20), now)).toBe("Wed 16:20");
    expect(format.dateTime(new Date(2025, 9, 2), now)).toBe("Oct 2");
    expect(format.dateTime(new Date(2024, 10, 6), now)).toBe("Nov 6, 2024");
  });
});

describe("errors", () => {
  const forbidden = new CallError({
    code: "forbidden",
    params: { verb: "list", resource: "pods", namespace: "shop" },
    detail: "list pods of shop: 403",
    hints: ["ask_owner_for_role"],
    retryable: false,
    fields: [],
  });

  it("are said by code and parameters, in both languages", () => {
    expect(sayError(forbidden, en).why).toContain("list pods in shop");
    expect(sayError(forbidden, zh).title).toBe("你的角色不允许此操作");
    expect(sayError(forbidden, zh).hints).toHaveLength(1);
    expect(sayError(forbidden, en).details).toContain("list pods of shop: 403");
  });

  it("show a dash for what is missing", () => {
    const bare = new CallError({ ...forbidden, code: "not_writable", detail: "x", params: {} });
    expect(sayError(bare, en).why).toContain("–: –");
  });

  it("turn anything thrown into a bug that can be reported", () => {
    const said = sayError(CallError.from(new TypeError("x is undefined")), en);
    expect(said.title).toBe(en.error.title.internal({}));
    expect(said.details).toContain("x is undefined");
  });

  it("say what is wrong with a field", () => {
    const error = {
      field: "cpu.limit",
      code: "too_long",
      params: { max: "63" },
      fix: null,
    } as const;
    expect(sayFieldError(error, en)).toBe("At most 63 characters");
    expect(sayFieldError(error, zh)).toBe("最多 63 个字符");
  });
});
