import { readFileSync } from "node:fs";
import { join } from "node:path";
import { digest } from "../../provider/model/digest";
import { bridgeArgs, machineArgs } from "../support/sample";
import { programFolder, removeAll, root, sdk, tarball } from "./installed";
import { ProviderProcess } from "./provider-process";

const golden = JSON.parse(readFileSync(join(root, "test", "golden", "provider-texts.json"), "utf8")) as Record<
  string,
  string
>;
const textOf = (type: string) => golden[`pulumi-nodejs:dynamic/nspawn:${type}`] ?? "";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const [none, some] = [1, 2]; // DiffResponse.DiffChanges
const bridge = { ...bridgeArgs(), secretFiles: {}, __provider: textOf("BridgeNetwork") };
const machine = { ...machineArgs(), secretFiles: {}, __provider: textOf("NspawnMachine") };

jest.setTimeout(300_000);
afterAll(removeAll);

/** The SDK of this checkout, the oldest that is supported, and the newest that was tried. */
const installed = "of this checkout";
const installedVersion = (
  JSON.parse(readFileSync(join(root, "node_modules", "@pulumi", "pulumi", "package.json"), "utf8")) as {
    version: string;
  }
).version;
const versions = [installed, "3.216.0", "3.270.0"];

describe.each(versions)("the engine's provider process of SDK %s", (version) => {
  const found = version === installed ? { folder: undefined } : sdk(version);
  if ("reason" in found) {
    test.skip(`is not tried: ${found.reason}`, () => undefined);
    return;
  }
  let provider: ProviderProcess;
  beforeAll(async () => {
    provider = await ProviderProcess.start(programFolder("installed", { tarball: tarball(), sdk: found.folder }));
    await provider.configure({ "nspawn:sshPrivateKey": "not-a-key" });
  });
  afterAll(() => provider.stop());

  const it = (name: string, body: (process: ProviderProcess) => Promise<void>) => test(name, () => body(provider));

  it("is of that SDK", async (process) => {
    expect(await process.version()).toBe(version === installed ? installedVersion : version);
  });

  it("makes two different key pairs, and keeps them", async (process) => {
    const inputs = { __provider: textOf("HostKey"), stateVersion: 1, ownUrn: "urn:pulumi:test::shop::x" };
    const checked = await process.check({}, inputs);
    expect(checked.failures).toEqual([]);
    const { id, outputs } = await process.create(checked.inputs);
    expect(id).not.toBe("");
    for (const name of ["bootPrivateKey", "privateKey"])
      expect(outputs[name]).toMatch(
        /^-----BEGIN OPENSSH PRIVATE KEY-----\n[\s\S]+\n-----END OPENSSH PRIVATE KEY-----\n$/,
      );
    for (const name of ["bootPublicKey", "publicKey"])
      expect(outputs[name]).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5[A-Za-z0-9+/=]+/);
    expect(outputs.bootPublicKey).not.toBe(outputs.publicKey);
    expect(outputs.__provider).toBe(inputs.__provider);
    const read = await process.read(id, outputs);
    expect(read).toMatchObject({ id, outputs });
    expect((await process.diff(id, outputs, checked.inputs)).changes).toBe(none);
    await process.delete(id, outputs);
  });

  it("renders the files of a bridge into its checked inputs", async (process) => {
    const { inputs, failures } = await process.check({}, bridge);
    expect(failures).toEqual([]);
    expect(Object.keys(inputs.files as object).sort()).toEqual([
      "/etc/systemd/network/10-br0.netdev",
      "/etc/systemd/network/10-br0.network",
    ]);
    expect(inputs.__provider).toBe(bridge.__provider);
  });

  it("checks what a preview does not know yet, and leaves out what depends on it", async (process) => {
    const networks = [{ ...machine.networks[0], gateway4: unknown, addresses: [{ address: unknown, proxied: false }] }];
    const { inputs, failures } = await process.check({}, { ...machine, networks, connection: unknown });
    expect(failures).toEqual([]);
    expect(JSON.stringify(inputs.files)).not.toContain(unknown);
  });

  it("says all problems at once, with their paths, and none of the secrets", async (process) => {
    const bad = { ...machine, name: "Web Server", onDelete: "burn", rootPassword: "canary:with\ncolon" };
    const { failures } = await process.check({}, bad);
    // The engine prints the value of a property that it is told, and `{<nil>}` for one that the inputs do not have.
    expect(failures.map(({ property }) => property)).toEqual(failures.map(() => ""));
    const reasons = failures.map(({ reason }) => reason);
    expect(reasons).toEqual([
      expect.stringMatching(/^machineName: must be a host name: .* \(got "Web Server"\) \[NSPAWN_INVALID_INPUT\]$/),
      expect.stringMatching(/^rootPassword: .*\[NSPAWN_INVALID_INPUT\]$/),
      expect.stringMatching(/^onDelete: .*\(got "burn"\) \[NSPAWN_INVALID_INPUT\]$/),
    ]);
    expect(JSON.stringify(failures)).not.toContain("canary");
    expect(process.said()).not.toContain("canary");
  });

  it("never replaces for what is unknown, and replaces for another name", async (process) => {
    const { inputs } = await process.check({}, machine);
    const olds = { ...machine, applied: { files: {}, boot: "", live: "" } };
    const networks = [{ ...machine.networks[0], bridge: unknown }];
    const uncertain = await process.diff("x", olds, { ...inputs, networks, host: unknown });
    expect(uncertain).toEqual({ changes: some, replaces: [] });
    const renamed = await process.check({}, { ...machine, name: "other", hostname: "other" });
    expect((await process.diff("x", olds, renamed.inputs)).replaces).toContain("name");
  });

  it("does nothing when all is as it was applied, whatever the URN; a drifted file is a change", async (process) => {
    const { inputs } = await process.check({}, bridge);
    const applied = { files: digest(inputs.files), boot: digest(inputs.boot), live: digest(inputs.live) };
    const outputs = { ...bridge, applied };
    expect(await process.diff("x", outputs, inputs)).toEqual({ changes: none, replaces: [] });
    const moved = { ...inputs, ownUrn: "urn:pulumi:test::shop::y" };
    expect(await process.diff("x", outputs, moved)).toEqual({ changes: none, replaces: [] });
    const drifted = { ...outputs, applied: { ...applied, files: digest({}) } };
    expect(await process.diff("x", drifted, inputs)).toEqual({ changes: some, replaces: [] });
    const rotated = { ...inputs, credentials: { privateKey: "another" } };
    expect(await process.diff("x", outputs, rotated)).toEqual({ changes: some, replaces: [] });
  });

  it("refuses state of a newer version", async (process) => {
    const newer = { ...bridge, stateVersion: 2, applied: {} };
    await expect(process.read("shop/lab/host/host-1/bridge/br0", newer)).rejects.toThrow("NSPAWN_STATE_VERSION");
  });
});
