import fc from "fast-check";
import { UNKNOWN, hasUnknown } from "../../provider/model/unknown";
import { changed, problemsOf } from "../support/refusal";
import { pathsOf, resources } from "./resources";

const runs = { seed: 20261121, numRuns: 1000 };
const secret = ["credentials", "rootPassword", "rotation"];

describe.each(resources)("$name", ({ full, parse, render }) => {
  it("accepts all of its arguments and reads them as they are", () =>
    expect(parse(full)).toEqual({ ok: true, value: full }));

  it("reads what it has read again as the same", () => {
    const once = parse(full);
    expect(once.ok && parse(once.value)).toEqual(once);
  });

  it("accepts the provider's text and empty secret files, and leaves them out", () => {
    expect(parse({ ...full, __provider: "exports.handler=…", secretFiles: {} })).toEqual({ ok: true, value: full });
  });

  it.each(pathsOf(full).map((path) => [path.join("."), path] as const))(
    "accepts an unknown %s, and writes nothing made of it",
    (_name, path) => {
      const parsed = parse(changed(full, [...path], UNKNOWN));
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      expect(hasUnknown(parsed.value)).toBe(path[0] !== "secretFiles");
      const desired = render(parsed.value as never);
      expect(JSON.stringify(desired)).not.toContain(UNKNOWN);
      const whole = render(full as never);
      for (const [file, text] of Object.entries(desired.files)) expect([file, text]).toEqual([file, whole.files[file]]);
    },
  );

  it("accepts nothing but unknowns, and writes nothing made of them", () => {
    const blank = Object.fromEntries(Object.keys(full).map((key) => [key, UNKNOWN]));
    const parsed = parse(blank);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(JSON.stringify(render(parsed.value as never))).not.toContain(UNKNOWN);
  });

  it("tells all problems at once", () => {
    const wrong = Object.fromEntries(Object.keys(full).map((key) => [key, Symbol.for(key)]));
    const named = problemsOf(parse(wrong)).map((problem) => problem.path.replace(/\.value$/, ""));
    expect(named.sort()).toEqual(Object.keys(full).sort());
  });

  it.each([undefined, null, "text", 7, [], true])("refuses %j instead of arguments", (inputs) => {
    expect(problemsOf(parse(inputs))).toEqual([{ path: "", message: expect.stringContaining("must be an object") }]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"])(
    "refuses the key %s like any unknown key",
    (key) => {
      const problems = problemsOf(parse(changed(full, [key], { polluted: true })));
      expect(problems.map((problem) => problem.path)).toEqual([`${key}.value`]);
      expect({}).not.toHaveProperty("polluted");
    },
  );

  it("takes nothing from a prototype", () => {
    const paths = problemsOf(parse(Object.create(full))).map((problem) => problem.path);
    expect(paths).toEqual(expect.arrayContaining(["owner", "host", "connection"]));
  });

  it("never throws, and never names a secret property alone, whatever stands where", () => {
    const junk = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.constantFrom("\0", "\n[Exec]", "../..", "-x", "$(id)", "__proto__"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(full)), junk, (path, value) => {
        const parsed = parse(changed(full, path, value));
        if (parsed.ok) return;
        for (const { path: at, message } of parsed.problems) {
          expect(secret).not.toContain(at);
          expect(message).toMatch(/^[ -~…]+$/);
          expect(message.length).toBeLessThan(500);
        }
      }),
      runs,
    );
  });
});
