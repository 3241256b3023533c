import fc from "fast-check";
import { bridgeNetwork, floatingIp, nspawnHost, nspawnMachine } from "../../provider/handlers";
import { appliedOf, type Properties } from "../../provider/handlers/state";
import type { Desired } from "../../provider/model/desired";
import { UNKNOWN } from "../../provider/model/unknown";
import { bridgeArguments, common, machineArguments, provider } from "../support/arguments";
import { hostArgs } from "../support/sample";

/** Outputs as they are after a successful create of the checked inputs. */
function outputsOf(inputs: Properties): Properties {
  const { files, secretFiles, boot, live, ...args } = inputs;
  return { ...args, applied: appliedOf({ files, secretFiles, boot, live } as unknown as Desired) };
}

async function checked(news: Properties, olds?: Properties): Promise<Properties> {
  const { inputs, failures } = await nspawnMachine.check(olds ?? {}, news);
  expect(failures).toEqual([]);
  return inputs;
}

describe("check", () => {
  it("adds the files, and keeps the provider's text", async () => {
    const inputs = await checked(machineArguments());
    expect(Object.keys(inputs.files as object)).toContain("/etc/systemd/nspawn/web.nspawn");
    expect(inputs.__provider).toBe(provider);
  });

  it("reports all problems at once, and never names a top-level secret", async () => {
    const news = machineArguments({ name: "Web!", hostname: "-", rootPassword: "", onDelete: "burn" });
    const { failures } = await nspawnMachine.check({}, news);
    const properties = failures.map((failure) => failure.property);
    expect(properties).toEqual(expect.arrayContaining(["name", "hostname", "rootPassword.value", "onDelete"]));
    expect(properties).not.toContain("rootPassword");
  });

  it("turns the password into a hash, keeps it while it fits, and takes a new salt when it does not", async () => {
    const first = await checked(machineArguments({ rootPassword: "canary-secret-1" }));
    expect(first.rootPassword).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$/);
    expect(JSON.stringify(first)).not.toContain("canary-secret-1");
    expect(JSON.stringify(first.files)).not.toContain(first.rootPassword as string);
    const same = await checked(machineArguments({ rootPassword: "canary-secret-1" }), first);
    expect(same.rootPassword).toBe(first.rootPassword);
    const other = await checked(machineArguments({ rootPassword: "canary-secret-2" }), first);
    expect(other.rootPassword).not.toBe(first.rootPassword);
  });

  it("lets unknown values of a preview pass, and leaves out what depends on them", async () => {
    const network = {
      bridge: "br0",
      host: "shop/lab/host/host-1",
      gateway4: UNKNOWN,
      addresses: [{ address: UNKNOWN, proxied: false }],
    };
    const inputs = await checked(machineArguments({ networks: [network] }));
    expect(JSON.stringify(inputs.files)).not.toContain(UNKNOWN);
    expect(JSON.stringify(inputs.live)).not.toContain(UNKNOWN);
  });

  it("shows what is not known yet as it was, and all else as it is wanted", async () => {
    const one = { address: "198.51.100.20", proxied: false };
    const network = { bridge: "br0", host: "shop/lab/host/host-1", gateway4: "203.0.113.9", addresses: [one] };
    const before = await checked(machineArguments({ networks: [network] }));
    const unknown = { ...network, gateway4: UNKNOWN, addresses: [{ ...one, address: UNKNOWN }] };
    const preview = await checked(machineArguments({ networks: [unknown] }), before);
    expect(preview).toMatchObject({ files: before.files, live: before.live });
    expect(JSON.stringify(preview.networks)).toContain(UNKNOWN);
    expect(await nspawnMachine.diff("id", outputsOf(before), preview)).toMatchObject({ changes: true, replaces: [] });
    const renamed = await checked(machineArguments({ networks: [unknown], hostname: "other" }), before);
    expect(JSON.stringify(renamed.files)).toContain("other");
    const longer = { ...unknown, addresses: [...unknown.addresses, { address: "198.51.100.21", proxied: false }] };
    const grown = await checked(machineArguments({ networks: [longer] }), before);
    expect(JSON.stringify(grown.files)).not.toMatch(new RegExp(UNKNOWN));
  });

  it("shows a bridge whose IPv6 network is not known yet as it was", async () => {
    const before = (await bridgeNetwork.check({}, bridgeArguments())).inputs;
    expect(before.ipv6).toBeDefined();
    const { inputs, failures } = await bridgeNetwork.check(before, bridgeArguments({ ipv6: UNKNOWN }));
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ files: before.files, live: before.live, ipv6: UNKNOWN });
  });

  it("gives the same answer for its own answer's arguments", async () => {
    const first = await checked(machineArguments({ rootPassword: "canary-secret-1" }));
    const given = Object.keys(machineArguments()).concat("rootPassword");
    const again = Object.fromEntries(given.map((name) => [name, first[name]]));
    expect(await checked(again, first)).toEqual(first);
  });
});

describe("check of a host that says nothing of its storage", () => {
  const args = { ...common("host", "host-1"), ...hostArgs(), secretFiles: {} };
  const storageOf = async (olds: Properties | undefined, news: Properties = args) =>
    (await nspawnHost.check(olds as Properties, news)).inputs.storage;

  it("lets a new one choose, also from then on, and leaves one of an older version as it is", async () => {
    expect(await storageOf(undefined)).toEqual({ type: "auto" });
    const { inputs } = await nspawnHost.check({}, args);
    expect(await storageOf(inputs)).toEqual({ type: "auto" });
    const { storage: _none, ...old } = inputs;
    expect(await storageOf(old)).toBeUndefined();
  });

  it("keeps what one has that had some, and does what is said", async () => {
    const { inputs } = await nspawnHost.check({}, { ...args, storage: { type: "btrfs" } });
    expect(await storageOf(inputs)).toEqual({ type: "auto" });
    expect(await storageOf(inputs, { ...args, storage: { type: "directory" } })).toEqual({ type: "directory" });
  });
});

describe("diff", () => {
  const diff = async (olds: Properties, news: Properties) => nspawnMachine.diff("id", olds, news);

  it("is nothing for what was just applied, whatever the order of keys", async () => {
    const inputs = await checked(machineArguments());
    const shuffled = Object.fromEntries(Object.entries(inputs).reverse());
    expect(await diff(outputsOf(inputs), shuffled)).toMatchObject({ changes: false, replaces: [] });
  });

  it("ignores the URN, which aliases change", async () => {
    const olds = outputsOf(await checked(machineArguments()));
    expect(await diff(olds, await checked(machineArguments({ ownUrn: "urn:other" })))).toMatchObject({
      changes: false,
    });
  });

  it("moves a machine to another host in place", async () => {
    const olds = outputsOf(await checked(machineArguments()));
    const news = (
      await nspawnMachine.check({}, machineArguments({ host: { id: "shop/lab/host/host-1", instance: "2" } }))
    ).inputs;
    expect(await diff(olds, news)).toMatchObject({ changes: true, replaces: [] });
  });

  it.each<[string, Properties]>([
    ["name", { name: "web2" }],
    [
      "image",
      {
        image: {
          kind: "debootstrap",
          suite: "trixie",
          mirror: "http://deb.debian.org/debian",
          variant: "minbase",
          packages: [],
        },
      },
    ],
  ])("replaces for another %s, the old one first", async (property, change) => {
    const olds = outputsOf(await checked(machineArguments()));
    const news = (await nspawnMachine.check({}, machineArguments(change))).inputs;
    expect(await diff(olds, news)).toEqual({ changes: true, replaces: [property], deleteBeforeReplace: true });
  });

  it.each<[string, Properties]>([
    [
      "credentials",
      { credentials: { privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nYWJj\n-----END OPENSSH PRIVATE KEY-----\n" } },
    ],
    ["hostname", { hostname: "other" }],
    ["authorizedKeys", { authorizedKeys: [] }],
    ["readyWhen", { readyWhen: "started" }],
    ["restart", { restart: "on-failure" }],
    ["startAfter", { startAfter: ["db"] }],
    ["readyWhen, to what has to be shown", { readyWhen: { reachable: true } }],
    ["owner", { owner: "shop/lab/machine/renamed" }],
  ])("is an update for other %s", async (_name, change) => {
    const olds = outputsOf(await checked(machineArguments()));
    expect(await diff(olds, await checked(machineArguments(change)))).toMatchObject({ changes: true, replaces: [] });
  });

  it("never replaces for what a preview does not know", async () => {
    const olds = outputsOf(await checked(machineArguments()));
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(["host", "name", "image", "networks", "connection", "hostname"], { minLength: 1 }),
        async (names) => {
          const news = { ...machineArguments(), ...Object.fromEntries(names.map((name) => [name, UNKNOWN])) };
          const answer = await nspawnMachine.diff("id", olds, { ...news, files: {}, boot: {}, live: {} });
          expect(answer).toMatchObject({ changes: true, replaces: [] });
        },
      ),
      { seed: 3, numRuns: 200 },
    );
    const instance = machineArguments({ host: { id: "shop/lab/host/host-1", instance: UNKNOWN } });
    expect(await diff(olds, await checked(instance))).toMatchObject({ changes: true, replaces: [] });
  });

  it("sees that something on the host was found different", async () => {
    const inputs = await checked(machineArguments());
    const found = { ...inputs, live: { ...(inputs.live as object), ready: "stopped" } };
    expect(await diff(outputsOf(found), inputs)).toMatchObject({ changes: true, replaces: [] });
  });

  it("is total: it answers for state that has nothing of what it looks at", async () => {
    expect(await diff({}, {})).toMatchObject({ changes: true, replaces: [] });
  });

  it("never deletes a bridge before its replacement", async () => {
    const olds = outputsOf((await bridgeNetwork.check({}, bridgeArguments())).inputs);
    const news = (await bridgeNetwork.check({}, bridgeArguments({ bridge: "br1" }))).inputs;
    expect(await bridgeNetwork.diff("id", olds, news)).toEqual({
      changes: true,
      replaces: ["bridge"],
      deleteBeforeReplace: false,
    });
  });

  it("moves a floating address in place", async () => {
    const args = { ...common("floating-ip", "web"), type: "ipv4", address: "198.51.100.7", name: "web" };
    const olds = outputsOf((await floatingIp.check({}, args)).inputs);
    const news = (await floatingIp.check({}, { ...args, host: { id: "shop/lab/host/host-2", instance: "2" } })).inputs;
    expect(await floatingIp.diff("id", olds, news)).toMatchObject({ changes: true, replaces: [] });
  });
});

describe("read", () => {
  it("says what is missing when it has only an id", async () => {
    const failed = nspawnMachine.read("shop/lab/host/host-1/machine/web", { __provider: provider });
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_INVALID_INPUT" });
  });
});

describe("state of a newer version", () => {
  it("is refused with its own code, not guessed at", async () => {
    const olds: Properties = { ...machineArguments(), stateVersion: 2 };
    await expect(nspawnMachine.read("id", olds)).rejects.toMatchObject({ code: "NSPAWN_STATE_VERSION" });
    await expect(nspawnMachine.delete("id", olds)).rejects.toMatchObject({ code: "NSPAWN_STATE_VERSION" });
  });
});
