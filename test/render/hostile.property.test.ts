import fc from "fast-check";
import type { Properties } from "../../provider/handlers/state";
import { bases, type Resource } from "../hostile/base";
import { hostileText } from "../support/hostile-text";
import { changed } from "../support/refusal";
import { parseIni } from "./ini";

const runs = { seed: 20261126, numRuns: 1000 };

/** Where texts stand in the arguments, and what stands there. Secrets have files of their own. */
function textsOf(value: unknown, path: (string | number)[] = []): [(string | number)[], string][] {
  if (typeof value === "string") return [[path, value]];
  if (value === null || typeof value !== "object") return [];
  const items = Object.entries(value).filter(([name]) => !["credentials", "rotation", "rootPassword"].includes(name));
  return items.flatMap(([name, item]) => textsOf(item, [...path, Array.isArray(value) ? Number(name) : name]));
}

/** Sections and keys of all of systemd's files, without values. */
function skeleton(files: Record<string, string>): Set<string> {
  const found = Object.entries(files).filter(([, text]) => /^# by pulumi-nspawn\n\[/.test(text));
  return new Set(
    found.flatMap(([, text]) => parseIni(text).flatMap(([head, keys]) => keys.map(([key]) => `${head}.${key}`))),
  );
}

describe.each(Object.keys(bases) as Resource[])(
  "a %s, with one text replaced by any other that check accepts,",
  (resource) => {
    const { handlers, args } = bases[resource] as { handlers: (typeof bases)["machine"]["handlers"]; args: object };
    const places = textsOf(args);
    const { rootPassword: _, ...plain } = args as Properties;

    it("has the same sections and keys, harmless paths, and one line where one is meant", async () => {
      const before = (await handlers.check({}, plain)).inputs.files as Record<string, string>;
      const known = skeleton(before);
      const lines = Object.values(before).join("").split("\n").length;
      let accepted = 0;
      const place = fc
        .constantFrom(...places)
        .chain(([path, text]) => hostileText([text]).map((value) => [path, value] as const));
      await fc.assert(
        fc.asyncProperty(place, async ([path, value]) => {
          const { inputs, failures } = await handlers.check({}, changed(plain, path, value) as Properties);
          if (failures.length > 0) return failures.every(({ reason }) => /^[ -~…`]+$/.test(reason));
          accepted += 1;
          const files = inputs.files as Record<string, string>;
          // A host name that is the machine's own is not written, one with a dot stands twice; neither adds a key.
          const extra = [...skeleton(files)].filter((key) => !known.has(key) && key !== "Exec.Hostname");
          const odd = Object.keys(files).filter(
            (name) => !/^(\/[A-Za-z0-9@._-]+)+$/.test(name) || name.includes("/.."),
          );
          const count = Object.values(files).join("").split("\n").length;
          return extra.length === 0 && odd.length === 0 && Math.abs(count - lines) <= 1;
        }),
        runs,
      );
      expect(accepted).toBeGreaterThan(50);
    });
  },
);
