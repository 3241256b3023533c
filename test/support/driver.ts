import { join } from "node:path";

const root = join(__dirname, "..", "..");

export type Properties = Record<string, unknown>;
export interface Held {
  id: string;
  inputs: Properties;
  outs: Properties;
}
export interface Answer {
  value?: Record<string, never> & {
    inputs: Properties;
    props: Properties;
    failures: unknown[];
    id: string;
    outs: Properties;
  };
  error?: { message: string; code?: string; id?: string; properties?: Properties };
}

export interface Change {
  changes: boolean;
  error?: Answer["error"];
}

/**
 * Calls handlers in `operator`, from where the hosts are reached. One process is one provider process.
 * NSPAWN_TEST_AT: when to begin, in milliseconds since 1970, so that several begin at once.
 */
export const driver = `
const handlers = require(${JSON.stringify(join(root, "bin/provider/handlers"))});
const { closeSessions } = require(${JSON.stringify(join(root, "bin/provider/remote/sessions"))});
const { counters } = require(${JSON.stringify(join(root, "bin/provider/remote/trace"))});
let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", async () => {
  const call = async ([kind, method, args]) => {
    try { return { value: await handlers[kind][method](...args) ?? {} }; }
    catch (error) { return { error: { message: error.message, code: error.code, id: error.id, properties: error.properties } }; }
  };
  const wait = Number(process.env.NSPAWN_TEST_AT ?? 0) - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const answers = await Promise.all(JSON.parse(input).map(call));
  await closeSessions();
  process.stdout.write(JSON.stringify({ answers, counters }));
});`;
