import { createServer, Socket, type AddressInfo } from "node:net";
import { Client } from "ssh2";
import { counters } from "../../provider/remote/trace";
import { changed } from "../support/refusal";
import { access } from "./access";
import { addresses } from "./addresses";
import type { Attempt } from "./attempt";
import { bases, pem, type Resource } from "./base";
import { container } from "./container";
import { images } from "./image";
import { names } from "./names";
import { canary, secrets } from "./secrets";
import { settings } from "./settings";
import { shapes } from "./shape";

// Of table B of the safety paper, arguments that do not exist have no rows: a MAC address of one's own. What two resources would claim is in test/resources/claims.test.ts, what
// only the host can tell (a link in use, an address that is the host's) in test/plan.
const table: Record<string, Attempt[]> = { names, addresses, access, settings, container, images, secrets, shapes };
const all = Object.values(table).flat();

/** The first characters of the private key's only line of data. */
const keyBody = pem.split("\n")[1]!.slice(0, 20);

const sockets = jest.spyOn(Socket.prototype, "connect");
const logins = jest.spyOn(Client.prototype, "connect");

async function failuresOf(resource: Resource, args: object): Promise<{ property: string; reason: string }[]> {
  const { handlers } = bases[resource];
  const { failures } = await handlers.check({}, { ...args, __provider: "exports.handler=()=>undefined" });
  return failures;
}

/** A short form of a value for a test's name. */
function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

it("has at least 150 values, each once", () => {
  expect(all.length).toBeGreaterThanOrEqual(150);
  const keys = all.map(({ resource, argument, value }) => {
    const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "undefined");
    return `${resource} ${argument.join("/")} ${text}`;
  });
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

it.each(Object.keys(bases) as Resource[])("accepts the arguments of a %s as they are", async (resource) => {
  expect(await failuresOf(resource, bases[resource].args)).toEqual([]);
});

describe.each(Object.entries(table))("hostile %s", (_group, attempts) => {
  it.each(attempts.map((attempt) => [attempt.resource, attempt.at, short(attempt.value), attempt] as const))(
    "%s: %s = %s is refused where it stands, and shown harmlessly",
    async (resource, _at, _value, { argument, value, says, at }) => {
      const [failure, ...others] = await failuresOf(resource, changed(bases[resource].args, argument, value));
      expect(others).toEqual([]);
      expect(failure!.property).toBe(at);
      expect(failure!.reason).toContain(says);
      expect(failure!.reason).toMatch(/^[ -~…`]*$/);
      expect(failure!.reason.length).toBeLessThan(600);
      expect(JSON.stringify(failure)).not.toContain(canary);
      expect(failure!.reason).not.toContain(keyBody);
    },
  );
});

describe("connections", () => {
  it("were not opened by any of them", () => {
    expect(sockets).toHaveBeenCalledTimes(0);
    expect(logins).toHaveBeenCalledTimes(0);
    expect(counters).toEqual({ connections: 0, roundTrips: 0 });
  });

  it("would have been counted", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const client = new Client();
    await new Promise((resolve) =>
      client.once("error", resolve).connect({ host: "127.0.0.1", port, username: "root" }),
    );
    expect([sockets.mock.calls.length, logins.mock.calls.length]).toEqual([1, 1]);
    await new Promise((resolve) => server.close(resolve));
  });
});
