import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerChannel } from "ssh2";
import { bringArchive } from "../../provider/handlers/bring-archive";
import type { MachineArgs } from "../../provider/model/args";
import { closeSessions } from "../../provider/remote/sessions";
import { archive, bootable, sha256 } from "../images/archive";
import { machineArguments } from "../support/arguments";
import { clientKey, startServer, type TestServer } from "../support/ssh-server";

jest.setTimeout(60_000);

/** What came after the program: its length as a line, and that many bytes. */
function parts(all: Buffer): { program: string; data: Buffer } {
  const at = all.indexOf(10) + 1;
  const end = at + Number(all.subarray(0, at).toString());
  return { program: all.subarray(at, end).toString("latin1"), data: all.subarray(end) };
}

describe("the archive of a machine's image", () => {
  const folder = mkdtempSync(join(tmpdir(), "nspawn-archive-"));
  const localPath = join(folder, "web.tar");
  let bytes: Buffer;
  let server: TestServer;
  /** Sums of what has been sent to the host, which has the image once it was. */
  let got: string[];
  let failing: number;

  beforeAll(async () => {
    bytes = await archive([...bootable, { name: "large", content: "x".repeat(20_000_000) }]);
  });
  beforeEach(async () => {
    writeFileSync(localPath, bytes);
    got = [];
    failing = 0;
    server = await startServer({ exec });
  });
  afterEach(async () => {
    await closeSessions();
    await server.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function exec(channel: ServerChannel): void {
    const came: Buffer[] = [];
    channel.on("data", (chunk: Buffer) => came.push(chunk));
    channel.on("end", () => {
      const { program, data } = parts(Buffer.concat(came));
      if (/image_wanted\t[0-9a-f]{16}/.test(program)) {
        const word = got.length > 0 ? "no\n" : "yes\n";
        return void channel.end(`result\twanted\t${word.length}\n${word}\nend\n`);
      }
      if (failing > 0) {
        failing -= 1;
        return void channel.end("error\tNSPAWN_DISK_FULL\t4\nfull\n");
      }
      got.push(createHash("sha256").update(data).digest("hex"));
      channel.end("end\n");
    });
  }

  const machine = (name: string, image: object = {}): MachineArgs =>
    machineArguments({
      name,
      owner: `shop/lab/machine/${name}`,
      connection: { host: "127.0.0.1", port: server.port, user: "root", hostKeys: server.target.hostKeys },
      credentials: { privateKey: clientKey.privateKey },
      image: { kind: "tarball", localPath, sha256: sha256(bytes), bytes: bytes.length, ...image },
    }) as unknown as MachineArgs;

  it("is sent once to a host, however many machines ask at the same time", async () => {
    await Promise.all(["a", "b", "c"].map((name) => bringArchive(machine(name))));
    expect(got).toEqual([sha256(bytes)]);
    expect(server.connections).toBe(1);
  });

  it("is sent for the next machine when the first one's sending fails", async () => {
    failing = 1;
    const [first, second] = await Promise.allSettled(["a", "b"].map((name) => bringArchive(machine(name))));
    expect(first).toMatchObject({ status: "rejected", reason: { code: "NSPAWN_DISK_FULL" } });
    expect([second?.status, got]).toEqual(["fulfilled", [sha256(bytes)]]);
  });

  it("is not missed where the host has its image, and is where it has not", async () => {
    rmSync(localPath);
    await expect(bringArchive(machine("a"))).rejects.toThrow(
      /the host has no image of .*web\.tar yet.*ENOENT.*on the machine that runs/,
    );
    got = ["before"];
    await bringArchive(machine("a"));
    expect(got).toEqual(["before"]);
  });

  it("is not sent when it has changed since it was looked at", async () => {
    writeFileSync(localPath, "another");
    await expect(bringArchive(machine("a"))).rejects.toThrow(/its sum is .* by now, expected is/);
    expect(got).toEqual([]);
  });

  it("asks no host where the image comes from elsewhere", async () => {
    await bringArchive(machine("a", { localPath: undefined, path: "/var/lib/images/web.tar" }));
    expect(server.connections).toBe(0);
  });
});
