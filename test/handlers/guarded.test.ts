import { bridgeNetwork } from "../../provider/handlers";
import { guarded } from "../../provider/handlers/guarded";
import { configure } from "../../provider/handlers/stack-config";
import { NspawnError } from "../../provider/errors";

const canary = "canary-8f2d-passphrase";
const methods = ["check", "diff", "create", "read", "update", "delete"] as const;
type Calls = Record<(typeof methods)[number], (id: string, properties: object, news?: object) => Promise<unknown>>;

/** Handlers that all fail with this error. */
function failing(error: Error): Calls {
  const fail = (): Promise<never> => Promise.reject(error);
  return guarded({ configure, check: fail, diff: fail, create: fail, read: fail, update: fail, delete: fail });
}

async function thrown(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return call.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error as Error & Record<string, unknown>,
  );
}

/** Everything that could be printed of an error. */
const printed = (error: Error): string => `${error}: ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;

describe.each(methods)("what %s throws", (method) => {
  const properties = { credentials: { proxy: { privateKeyPassword: canary } } };

  it("holds no secret of its properties, in message, stack or cause", async () => {
    const cause = new Error(`cause ${canary}`);
    const error = await thrown(
      failing(new Error(`bad ${Buffer.from(canary).toString("base64")}`, { cause }))[method]("id", properties),
    );
    expect(printed(error)).not.toMatch(new RegExp(`${canary}|${Buffer.from(canary).toString("base64")}`));
    expect(error.message).toBe("bad [secret]");
    // A mistake of ours is to be found: where it happened stays.
    expect(error.stack).toMatch(/bad \[secret\]\n\s+at .*guarded\.test/);
  });

  it("is a message with its code, without a stack, of an error of the table", async () => {
    const known = new NspawnError("NSPAWN_STEP_FAILED", `echo ${canary}`);
    const error = await thrown(failing(known)[method]("id", properties));
    expect(error).toMatchObject({
      name: "NspawnError",
      code: "NSPAWN_STEP_FAILED",
      message: "echo [secret] [NSPAWN_STEP_FAILED]",
    });
    expect(error.stack).toBe(error.message);
  });

  it("keeps what the engine needs of something that exists", async () => {
    const partial = Object.assign(new Error(canary), { id: "x", properties: { a: 1 }, reasons: [`because ${canary}`] });
    const error = await thrown(failing(partial)[method]("id", {}, properties));
    expect(error).toMatchObject({ id: "x", properties: { a: 1 }, reasons: ["because [secret]"] });
  });
});

it("thrown at once, not in a promise, is caught as well", async () => {
  const handlers = guarded({
    configure,
    read: (): never => {
      throw new Error(canary);
    },
  });
  expect((await thrown((handlers as unknown as Calls).read("id", { rootPassword: canary }))).message).toBe("[secret]");
});

it("the stack's key is a secret from the moment that the engine hands it over", async () => {
  const key = "canary-stack-key-27aa";
  configure({ config: { get: () => key } });
  expect((await thrown(failing(new Error(`it is ${key}`)).read("id", {}))).message).toBe("it is [secret]");
  configure({ config: { get: () => undefined } });
});

it("configure stays synchronous: the SDK does not wait for it", () => {
  expect(bridgeNetwork.configure({ config: { get: () => undefined } })).toBeUndefined();
});

it("is not without end, has its code and no half of a secret, and is text", async () => {
  const call = failing(
    new NspawnError("NSPAWN_BUSY", `${"x".repeat(10_875)}${canary}\u001b[2J${"y".repeat(50_000)}`),
  ).read;
  const { message } = await thrown(call("id", { credentials: { privateKeyPassword: canary } }));
  expect(message.length).toBeLessThanOrEqual(16_384);
  expect(message).toMatch(/^x+.*… \(\d+ characters\) …y+ \[NSPAWN_BUSY\]$/);
  expect(message).not.toMatch(/canary|8f2d|passphrase|\u001b/);
});
