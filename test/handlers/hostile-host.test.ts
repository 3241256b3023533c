import { gzipSync } from "node:zlib";
import type { ServerChannel } from "ssh2";
import { extract } from "tar-stream";
import { bridgeNetwork, nspawnMachine } from "../../provider/handlers";
import type { Properties } from "../../provider/handlers/state";
import { closeSessions } from "../../provider/remote/sessions";
import { fileList, textList } from "../support/file-list";
import { startServer, type TestServer } from "../support/ssh-server";
import { bridgeArguments, machineArguments } from "../support/arguments";

jest.setTimeout(60_000);

const servers: TestServer[] = [];
afterEach(async () => {
  await closeSessions();
  await Promise.all(servers.splice(0).map((one) => one.stop()));
});

const frame = (kind: string, name: string, body: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from(`${kind}\t${name}\t${Buffer.byteLength(body)}\n`), Buffer.from(body), Buffer.from("\n")]);
const facts = (texts: Record<string, string>, files: Buffer = fileList()): Buffer =>
  Buffer.concat([frame("result", "facts", textList(Object.entries(texts))), frame("result", "files", files)]);

/** What a host was sent: its steps as lines, and the texts that they name. */
interface Sent {
  steps: string[];
  texts: string[];
}

const did = ({ steps }: Sent, verb: string): boolean => steps.some((step) => step.startsWith(`${verb}\t`));

async function unpacked(payload: Buffer): Promise<Sent> {
  const at = payload.indexOf(10) + 1;
  const archive = extract();
  archive.end(payload.subarray(at, at + Number(payload.toString("latin1", 0, at))));
  const sent: Sent = { steps: [], texts: [] };
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    if (entry.header.name === "steps") sent.steps.push(...text.split("\n"));
    else if (entry.header.name.startsWith("texts/")) sent.texts.push(text);
  }
  return sent;
}

/** A host that answers each program by its steps; and all that it was sent. */
async function host(answer: (sent: Sent) => Buffer | string): Promise<{ login: Properties; sent: Sent }> {
  const all: Sent = { steps: [], texts: [] };
  const exec = (channel: ServerChannel): void => {
    const payload: Buffer[] = [];
    channel.on("data", (chunk: Buffer) => payload.push(chunk));
    channel.on("end", () => {
      void unpacked(Buffer.concat(payload)).then((sent) => {
        all.steps.push(...sent.steps);
        all.texts.push(...sent.texts);
        channel.end(answer(sent));
      });
    });
  };
  const server = await startServer({ exec });
  servers.push(server);
  const { host: address, port, user, hostKeys, privateKey } = server.target;
  return { login: { connection: { host: address, port, user, hostKeys }, credentials: { privateKey } }, sent: all };
}

const failureOf = async (call: Promise<unknown>): Promise<Properties & Error> =>
  call.then(
    () => expect("it went well").toBe("it failed"),
    (error: Properties & Error) => error,
  ) as Promise<Properties & Error>;

describe("a host whose facts are not what our program writes", () => {
  it.each([
    ["no list", frame("result", "facts", "x").toString("latin1") + frame("result", "files", "y").toString("latin1")],
    ["no JSON", facts({ link: "{" })],
    ["other forms", facts({ route4: '[{"dst":{}}]' })],
    ["none", ""],
  ])("is refused when it is read: %s", async (_what, report) => {
    const { login } = await host(() => Buffer.concat([Buffer.from(report), Buffer.from("end\n")]));
    const error = await failureOf(bridgeNetwork.read("id", bridgeArguments(login)));
    expect(error).toMatchObject({ code: "NSPAWN_REPORT", message: expect.stringMatching(/^127\.0\.0\.1/) });
    expect(error.stack).toBe(error.message);
  });

  it("keeps what was made there, for the next up", async () => {
    const report = Buffer.concat([Buffer.from("claimed\n"), facts({ link: "[7]" }), Buffer.from("end\n")]);
    const { login } = await host(() => report);
    const error = await failureOf(bridgeNetwork.create(bridgeArguments(login)));
    expect(error).toMatchObject({ code: "NSPAWN_REPORT", properties: { bridge: "br0" } });
    expect(typeof error.id).toBe("string");
  });

  it("keeps it when the report itself is none, too", async () => {
    const { login } = await host(() => "claimed\nresult\tfacts\t-1\n");
    expect(await failureOf(bridgeNetwork.create(bridgeArguments(login)))).toMatchObject({
      code: "NSPAWN_REPORT",
      properties: { bridge: "br0" },
    });
  });

  it("is shown as text, in state as well", async () => {
    const path = "/etc/systemd/network/10-br0.network";
    const files = fileList({ path, body: "[Match]\n\u001b[2J\u202e\r\n" });
    const texts = {
      records: "key\tk\n",
      link: '[{"ifname":"br0","mtu":1500,"linkinfo":{"info_kind":"a\\u001b[31m"}}]',
    };
    const { login } = await host(() => Buffer.concat([facts(texts, files), Buffer.from("end\n")]));
    const { inputs } = (await bridgeNetwork.read("id", bridgeArguments(login))) as unknown as {
      inputs: { files: Properties };
    };
    expect(inputs.files[path]).toBe("[Match]\n\\u{1b}[2J\\u{202e}\\r\n");
    expect(JSON.stringify(inputs)).toContain("a\\\\u{1b}[31m");
    expect(JSON.stringify(inputs)).not.toMatch(/\\u001b|\u202e/);
  });
});

const place = (id: string, more = ""): string =>
  `host\t${id} boot\n${more}active\tinactive\nmoved\t\nfree\t100000000\n`;
const row = (type: string, path: string, uid = 0): string =>
  `${type}\t755\t${uid}\t${uid}\t10\t8\t5.0\t5.0\t1\t1\0${path}\0\0`;

/** An old host that lists its tree in its own way, and a new one that takes nothing; the outcome of a move between them. */
async function moved(list: Buffer): Promise<{ error: Properties & Error; old: Sent; fresh: Sent }> {
  const result = (name: string, body: Buffer | string): Buffer =>
    Buffer.concat([frame("result", name, body), Buffer.from("end\n")]);
  const old = await host((sent) => {
    if (did(sent, "whereabouts")) return result("whereabouts", place("old", "ours\tyes\ntree\tyes\n"));
    return did(sent, "catalogue") ? result("catalogue", list) : "end\n";
  });
  const fresh = await host((sent) => {
    if (did(sent, "whereabouts")) return result("whereabouts", place("new"));
    return did(sent, "catalogue") ? result("catalogue", gzipSync("5\0")) : "error\tNSPAWN_BUSY\t4\nstop\n";
  });
  const at = (id: string, login: Properties): Properties => machineArguments({ host: { id, instance: id }, ...login });
  const error = await failureOf(nspawnMachine.update("id", at("old", old.login), at("new", fresh.login)));
  return { error, old: old.sent, fresh: fresh.sent };
}

describe("the list of a machine's tree", () => {
  it("decides what is sent: no device nodes", async () => {
    const list = [
      "5\0",
      row("d", ""),
      row("d", "dev"),
      row("c", "dev/null"),
      row("b", "dev/sda"),
      row("p", "dev/initctl"),
    ];
    const { error, old, fresh } = await moved(gzipSync(list.join("")));
    expect(error).toMatchObject({ code: "NSPAWN_BUSY" });
    expect([did(old, "send"), did(fresh, "incoming"), did(fresh, "receive")]).toEqual([true, true, true]);
    expect(old.texts.map((text) => Buffer.from(text, "base64").toString("latin1"))).toContain(
      "./\0./dev\0./dev/initctl\0",
    );
  });

  const users = "tree on old (127.0.0.1) belongs to 0:0, outside of 786432 to 851967";
  it.each([
    ["no list", Buffer.from("x"), "NSPAWN_REPORT", "cannot be read"],
    ["zeros without end", gzipSync(Buffer.alloc(300_000_000)), "NSPAWN_REPORT", "its clock is no number"],
    ["a way out", gzipSync(`5\0${row("d", "")}${row("f", "../etc/passwd")}`), "NSPAWN_REPORT", "can be no path of it"],
    [
      "a way through a link",
      gzipSync(`5\0${row("d", "")}${row("l", "a")}${row("f", "a/b")}`),
      "NSPAWN_REPORT",
      "can be no path",
    ],
    [
      "somebody else's file",
      gzipSync(`5\0${row("d", "", 786_432)}${row("f", "a\u001b", 0)}`),
      "NSPAWN_MOVING",
      `"a\\u{1b}" in the machine's ${users}`,
    ],
  ])("is refused, and nothing is sent: %s", async (_what, list, code, says) => {
    const { error, old, fresh } = await moved(list);
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
    expect([did(old, "send"), did(fresh, "incoming"), did(fresh, "receive")]).toEqual([false, false, false]);
  });
});
