import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import type { Step } from "../../provider/plan/step";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { rawFacts } from "../../provider/remote/raw-facts";
import { asRoot, Place } from "../support/run-script";

const user = "nspawntest";
const uid = 4242;
const [ours, theirs, third] = [ed25519Pair(), ed25519Pair(), ed25519Pair()].map(({ publicKey }) => publicKey) as [
  string,
  string,
  string,
];
const text = (...keys: string[]): string => `# by pulumi-nspawn\n${keys.map((key) => `${key}\n`).join("")}`;

jest.setTimeout(60_000);

asRoot("the keys of a login", () => {
  let place: Place;
  const home = () => place.at("/var/lib/home");
  const file = (name = "authorized_keys") => `${home()}/.ssh/${name}`;
  beforeEach(() => {
    place = new Place({}, undefined, [
      `echo "${user}:x:${uid}:${uid}::/var/lib/home:/bin/sh" >>/etc/passwd; echo "${user}:x:${uid}:" >>/etc/group`,
      `chown -R ${uid}:${uid} /var/lib/home`,
    ]);
    mkdirSync(home(), { recursive: true });
  });
  afterEach(() => place.remove());

  const steps = (adopt: "yes" | "no" = "no", key = "k1", confirm: "yes" | "no" = "no"): Step[] => [
    { verb: "lock" },
    { verb: "begin", key, former: "-", confirm },
    { verb: "claim", key, former: "-", adopt, record: "record" },
    // As of every host: an owner without files is forgotten.
    { verb: "file", path: `/etc/other/${key}`, mode: "0644", text: "record" },
    { verb: "authorized_keys", user, text: "keys" },
  ];
  const record = (owner: string): string => `owner\t${owner}\nurn\t-\nlogin\t${user}\n`;
  const write = (keys: string, more: Step[] = [{ verb: "commit" }], ...way: Parameters<typeof steps>) =>
    place.run([...steps(...way), ...more], { record: record(`p/s/host/${way[1] ?? "k1"}`), keys });

  it("are written as a whole, for the user alone to read", async () => {
    const report = await write(text(ours));
    expect(report.failure).toBeUndefined();
    expect(readFileSync(file(), "utf8")).toBe(text(ours));
    expect([statSync(file()).mode & 0o777, statSync(file()).uid, statSync(`${home()}/.ssh`).mode & 0o777]).toEqual([
      0o600,
      uid,
      0o700,
    ]);
  });

  it("drive out other keys, in every file that sshd reads, and say which", async () => {
    mkdirSync(`${home()}/.ssh`);
    writeFileSync(file(), `${theirs} mallory\n# a comment\n${ours} renamed\n`);
    writeFileSync(file("authorized_keys2"), `${third} hidden\n`);
    const report = await write(text(ours));
    expect(report.failure).toBeUndefined();
    expect(readFileSync(file(), "utf8")).toBe(text(ours));
    expect(existsSync(file("authorized_keys2"))).toBe(false);
    expect(report.warnings).toEqual([
      expect.stringMatching(/^this key does not log in as nspawntest any more: 256 SHA256:\S+ mallory \(ED25519\)$/),
      expect.stringMatching(/ hidden \(ED25519\)$/),
    ]);
  });

  it("are left alone when they are as wanted", async () => {
    await write(text(ours, theirs));
    const before = statSync(file());
    const report = await write(text(theirs, ours));
    expect(report.progress).not.toContain(`writing the keys that log in as ${user}`);
    expect(statSync(file()).mtimeMs).toBe(before.mtimeMs);
  });

  it("are back as they were when the change is not confirmed", async () => {
    mkdirSync(`${home()}/.ssh`);
    writeFileSync(file(), `${theirs}\n`, { mode: 0o600 });
    writeFileSync(file("authorized_keys2"), `${third}\n`, { mode: 0o600 });
    const report = await write(text(ours), [{ verb: "confirm" }], "no", "k1", "yes");
    expect(report.failure).toMatchObject({ code: "NSPAWN_ROLLED_BACK" });
    expect(readFileSync(file(), "utf8")).toBe(`${theirs}\n`);
    expect(readFileSync(file("authorized_keys2"), "utf8")).toBe(`${third}\n`);
  });

  it("are absent again when there were none", async () => {
    await write(text(ours), [{ verb: "confirm" }], "no", "k1", "yes");
    expect(existsSync(file())).toBe(false);
  });

  it("belong to one owner", async () => {
    await write(text(ours));
    const other = await write(text(theirs), [{ verb: "commit" }], "no", "k2");
    expect(other.failure).toMatchObject({ code: "NSPAWN_OWNED", message: expect.stringContaining("p/s/host/k1") });
    expect(readFileSync(file(), "utf8")).toBe(text(ours));
    const adopted = await write(text(theirs), [{ verb: "commit" }], "yes", "k2");
    expect(adopted.failure).toBeUndefined();
    expect(readFileSync(file(), "utf8")).toBe(text(theirs));
  });

  it("are written by the user: a link in its folder leads root nowhere", async () => {
    mkdirSync(place.at("/etc/other/secret"), { recursive: true, mode: 0o700 });
    symlinkSync("/etc/other/secret", `${home()}/.ssh`);
    const report = await write(text(ours));
    expect(report.failure).toMatchObject({ code: "NSPAWN_STEP_FAILED" });
    expect(existsSync(place.at("/etc/other/secret/authorized_keys"))).toBe(false);
  });

  it("are refused of a user that the host does not have", async () => {
    const named: Step[] = steps().map((step) =>
      step.verb === "authorized_keys" ? { ...step, user: "nobody9" } : step,
    );
    const report = await place.run(named, { record: record("p/s/host/k1"), keys: text(ours) });
    expect(report.failure).toMatchObject({ code: "NSPAWN_INVALID_INPUT" });
  });

  it("are among the facts, line by line", async () => {
    await write(text(ours));
    writeFileSync(file("authorized_keys2"), `  ${theirs} added by hand\n\n`);
    const report = await place.run([{ verb: "facts", key: "-" }]);
    const raw = rawFacts(report);
    expect(parseFacts(raw!).logins).toEqual([
      { user, key: ours },
      { user, key: `${theirs} added by hand` },
    ]);
  });
});
