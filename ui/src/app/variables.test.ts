import { describe, expect, it } from "vitest";
import { parseVariables, withPasted } from "./variables";

describe("pasted variables", () => {
  it("are read as .env files and shells have them", () => {
    const text = [
      "# database",
      "DB_HOST=mysql.internal",
      "export DB_POOL = 60",
      'GREETING="a \\"b\\"\\nc"',
      "LITERAL='$HOME\\n'",
      "EMPTY=",
      "URL=http://a/?x=1&y=2",
      "",
      "not a variable",
      "1BAD=x",
    ].join("\r\n");
    expect(parseVariables(text)).toEqual({
      variables: [
        { name: "DB_HOST", value: "mysql.internal" },
        { name: "DB_POOL", value: "60" },
        { name: "GREETING", value: 'a "b"\nc' },
        { name: "LITERAL", value: "$HOME\\n" },
        { name: "EMPTY", value: "" },
        { name: "URL", value: "http://a/?x=1&y=2" },
      ],
      skipped: ["not a variable", "1BAD=x"],
    });
  });

  it("are left to the field when there is none", () => {
    expect(parseVariables("just text")).toBeUndefined();
    expect(parseVariables("")).toBeUndefined();
  });

  it("take the place of the empty row, and a known name takes the new value", () => {
    const rows = [
      { name: "A", value: "1" },
      { name: "", value: "" },
    ];
    const pasted = [
      { name: "A", value: "2" },
      { name: "B", value: "3" },
    ];
    expect(withPasted(rows, 1, pasted)).toEqual(pasted);
  });
});
