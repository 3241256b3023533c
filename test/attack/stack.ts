import { join } from "node:path";
import { packageDir } from "../../lab/core/places";
import { labRun } from "../../lab";
import type { Held } from "../support/driver";
import type { Declared } from "./declare";

const compiled = (path: string): string => join(packageDir(), "bin", "provider", path);

/** What the engine does in one `up`: check and then create, update or replace, kind after kind, and delete what is left. */
const program = `
const handlers = require(${JSON.stringify(compiled("handlers"))});
const { closeSessions } = require(${JSON.stringify(compiled("remote/sessions"))});
let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", async () => {
  const { held, declared } = JSON.parse(input);
  const keep = (key, id, inputs, outs) => (held[key] = { id, inputs, outs: { ...outs, __provider: "test" } });
  const one = async ({ kind, key, args }) => {
    const [had, handler] = [held[key], handlers[kind]];
    const { inputs, failures } = await handler.check(had?.inputs ?? {}, args);
    if (failures.length > 0) throw new Error("check: " + JSON.stringify(failures));
    if (had !== undefined) {
      const { changes, replaces } = await handler.diff(had.id, had.outs, inputs);
      if (replaces?.length > 0) throw new Error("would be replaced: " + replaces);
      if (!changes) return;
      return keep(key, had.id, inputs, (await handler.update(had.id, had.outs, inputs)).outs);
    }
    const { id, outs } = await handler.create(inputs);
    keep(key, id, inputs, outs);
  };
  const all = (list, work) => Promise.all(list.map((each) => work(each).catch((error) => { throw new Error(each.key + ": " + error.message); })));
  const kinds = ["nspawnHost", "bridgeNetwork", "nspawnMachine"];
  try {
    const gone = Object.keys(held).filter((key) => !declared.some((each) => each.key === key)).map((key) => ({ key, kind: key.split(" ")[0] }));
    for (const kind of [...kinds].reverse()) {
      await all(gone.filter((each) => each.kind === kind), async ({ key }) => {
        await handlers[kind].delete(held[key].id, held[key].outs);
        delete held[key];
      });
    }
    for (const kind of kinds) await all(declared.filter((each) => each.kind === kind), one);
    process.stdout.write(JSON.stringify({ held }));
  } catch (error) {
    process.stdout.write(JSON.stringify({ held, error: error.message }));
  }
  await closeSessions();
});`;

/** What stands on hosts, driven by the library's handlers as the engine drives them, in the operator's namespace. */
export class Stack {
  private held: Record<string, Held> = {};

  constructor(private readonly lab: string) {}

  async up(declared: readonly Declared[]): Promise<void> {
    const input = JSON.stringify({ held: this.held, declared });
    const { stdout, stderr } = await labRun("operator", [process.execPath, "-e", program], { name: this.lab, input });
    const [answer] = stdout.split("\n").slice(-1);
    const { held, error } = JSON.parse(answer || JSON.stringify({ held: this.held, error: stderr })) as {
      held: Record<string, Held>;
      error?: string;
    };
    this.held = held;
    if (error !== undefined) throw new Error(`up: ${error}`);
  }
}
