import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseFiles } from "../../provider/observe/facts/parse-files";
import { asRoot } from "../support/run-script";

const program = join(__dirname, "../../provider/host/tree.pl");

interface Said {
  code: number | null;
  out: Buffer;
  errors: string;
}

/** A tree as a machine's root may have left it, and a folder of the host beside it. */
class Scratch {
  readonly root = mkdtempSync(join(tmpdir(), "pulumi-nspawn-tree-"));
  readonly tree = join(this.root, "tree");
  readonly host = join(this.root, "host");

  constructor() {
    mkdirSync(this.tree);
    mkdirSync(this.host, { mode: 0o700 });
    this.put("host/victim", "precious\n");
  }

  put(path: string, text: string, mode = 0o600): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text, { mode });
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(target, join(this.root, path));
  }

  run(step: string, words: string[], input = ""): Said {
    const { status, stdout, stderr } = spawnSync("perl", [program, step, this.tree, ...words], {
      input,
      timeout: 20_000,
    });
    return { code: status, out: stdout, errors: stderr.toString() };
  }

  write(path: string, text: string, mode = "0644"): string {
    this.put("source", text);
    const { out, errors } = this.run("write", [path, mode, join(this.root, "source")]);
    return out.toString() + errors;
  }

  read(...paths: string[]): Map<string, unknown> {
    const { out } = this.run("read", ["524288"], paths.map((path) => `${this.tree}\t${path}\n`).join(""));
    return new Map(
      [...parseFiles(out)].map(([path, { type, text }]) => [path.slice(this.tree.length + 1), [type, text]]),
    );
  }

  /** What is in the host's folder, with mode, owner and content. */
  get beside(): unknown {
    return readdirSync(this.host).map((name) => {
      const { mode, uid, gid, nlink } = lstatSync(join(this.host, name));
      return [name, mode & 0o7777, uid, gid, nlink, readFileSync(join(this.host, name), "utf8")];
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

asRoot("single paths of a tree (needs root: owners)", () => {
  let scratch: Scratch;
  let before: unknown;
  beforeEach(() => {
    scratch = new Scratch();
    before = scratch.beside;
  });
  afterEach(() => {
    expect(scratch.beside).toEqual(before);
    scratch.remove();
  });

  it("are written once, with mode and owner, and found the same", () => {
    expect(scratch.write("etc/systemd/network/80.network", "one\n")).toBe("written");
    expect(scratch.write("etc/systemd/network/80.network", "one\n")).toBe("same");
    const file = join(scratch.tree, "etc/systemd/network/80.network");
    expect([readFileSync(file, "utf8"), statSync(file).mode & 0o7777]).toEqual(["one\n", 0o644]);
    expect(scratch.write("etc/systemd/network/80.network", "one\n", "0600")).toBe("written");
    expect(statSync(file).mode & 0o7777).toBe(0o600);
    expect(readdirSync(dirname(file))).toEqual(["80.network"]);
  });

  it("belong to the first of the tree's users, whomever its root folder is given to", () => {
    chownSync(scratch.tree, 131072 + 33, 131072 + 33);
    scratch.write("root/.ssh/authorized_keys", "key\n", "0600");
    const owned = ["root", "root/.ssh", "root/.ssh/authorized_keys"].map((path) => statSync(join(scratch.tree, path)));
    expect(owned.map(({ uid, gid }) => [uid, gid])).toEqual([1, 2, 3].map(() => [131072, 131072]));
    expect(owned[1]!.mode & 0o7777).toBe(0o700);
  });

  it.each(["", "etc/"])("refuse a link on the way, and make nothing behind it (%s)", (above) => {
    scratch.link(`tree/${above}keys`, scratch.host);
    expect(scratch.write(`${above}keys/.ssh/authorized_keys`, "x\n")).toMatch(
      /^.*\/keys\/\.ssh\/authorized_keys leads through a link inside the machine's tree \(keys\), and is not written; remove it in the machine$/,
    );
    expect(scratch.run("remove", [`${above}keys/victim`])).toEqual({ code: 0, out: Buffer.from(""), errors: "" });
  });

  it("refuse a file on the way, and a directory in their place", () => {
    scratch.put("tree/etc/file", "");
    mkdirSync(join(scratch.tree, "etc/hosts"));
    expect(scratch.write("etc/file/x", "")).toContain("leads through something that is no directory");
    expect(scratch.write("etc/hosts", "")).toContain(
      "hosts is a directory in the machine, and a file of ours belongs there",
    );
    expect(scratch.run("remove", ["etc/hosts"]).out.toString()).toContain("is a directory in the machine, and is left");
    expect(readdirSync(join(scratch.tree, "etc"))).toEqual(["file", "hosts"]);
  });

  it("refuse a tree that is a link itself", () => {
    rmSync(scratch.tree, { recursive: true });
    symlinkSync(scratch.host, scratch.tree);
    expect(scratch.write("victim", "x\n")).toContain("is no folder; it may be a link");
  });

  it.each<[string, (path: string) => void]>([
    ["link", (path) => symlinkSync("../../host/victim", path)],
    ["fifo", (path) => void execFileSync("mkfifo", [path])],
    [
      "socket",
      (path) =>
        void execFileSync("perl", [
          "-MIO::Socket::UNIX",
          "-e",
          "IO::Socket::UNIX->new(Local => shift, Listen => 1) or die",
          path,
        ]),
    ],
    ["device", (path) => void execFileSync("mknod", [path, "c", "1", "3"])],
  ])("take the place of a %s without following or opening it", (_kind, make) => {
    mkdirSync(join(scratch.tree, "etc"));
    make(join(scratch.tree, "etc/hosts"));
    expect(scratch.write("etc/hosts", "ours\n")).toBe("written");
    expect(lstatSync(join(scratch.tree, "etc/hosts")).isFile()).toBe(true);
  });

  it("are told as what they are: nothing is followed, nothing is waited for", () => {
    for (const name of ["file", "large", "leased"]) scratch.put(`tree/etc/${name}`, "text\n");
    truncateSync(join(scratch.tree, "etc/large"), 10 * 1024 ** 3);
    scratch.link("tree/etc/link", "/etc/shadow");
    scratch.link("tree/etc/folder", scratch.host);
    execFileSync("mkfifo", [join(scratch.tree, "etc/fifo")]);
    mkdirSync(join(scratch.tree, "etc/directory"));
    const names = ["file", "large", "link", "fifo", "directory", "folder/victim", "file/x", "absent", "absent/x"];
    expect(scratch.read(...names.map((name) => `etc/${name}`))).toEqual(
      new Map<string, unknown>([
        ["etc/file", ["file", "text\n"]],
        ["etc/large", ["large", "10737418240"]],
        ["etc/link", ["link", "/etc/shadow"]],
        ["etc/fifo", ["fifo", ""]],
        ["etc/directory", ["directory", ""]],
        ["etc/folder/victim", ["behind", "a link"]],
        ["etc/file/x", ["behind", "something that is no directory"]],
      ]),
    );
  });

  it("are read at once when their owner holds them by a lease", async () => {
    scratch.put("tree/etc/hosts", "text\n");
    // F_SETLEASE, F_WRLCK
    const hold = `use Fcntl; open my $f, "+<", shift or die; fcntl($f, 1024, 1) or die; $SIG{IO} = "IGNORE"; $| = 1; print "held\\n"; sleep 30`;
    const holder = spawn("perl", ["-e", hold, join(scratch.tree, "etc/hosts")]);
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    expect(scratch.read("etc/hosts")).toEqual(new Map([["etc/hosts", ["leased", ""]]]));
    expect(scratch.write("etc/hosts", "ours\n")).toBe("written");
    holder.kill();
  });

  it("keep a password's file no more open than it has to be", () => {
    scratch.put("tree/etc/shadow", "root:*:0:0:::::\nrooted:*:1::::::\nroot\n");
    chmodSync(join(scratch.tree, "etc/shadow"), 0o6777);
    chownSync(join(scratch.tree, "etc/shadow"), 0, 42);
    scratch.put("hash", "$6$a$b&/\\1\nmore\n");
    expect(scratch.run("password", ["etc/shadow", join(scratch.root, "hash")]).code).toBe(0);
    const file = join(scratch.tree, "etc/shadow");
    expect(readFileSync(file, "utf8")).toBe("root:$6$a$b&/\\1:19000:0:::::\nrooted:*:1::::::\nroot\n");
    expect([statSync(file).mode & 0o7777, statSync(file).gid]).toEqual([0o640, 42]);
  });

  it("set no password in what is no file", () => {
    scratch.link("tree/etc/shadow", join(scratch.host, "victim"));
    scratch.put("hash", "h\n");
    expect(scratch.run("password", ["etc/shadow", join(scratch.root, "hash")])).toMatchObject({ code: 3 });
    expect(readlinkSync(join(scratch.tree, "etc/shadow"))).toBe(join(scratch.host, "victim"));
  });

  describe("that are kept and restored", () => {
    const paths = ["etc/hosts", "etc/link", "etc/fifo", "etc/large", "etc/new", "opt/behind/victim"];
    const list = paths.map((path) => `${path}\n`).join("");
    const copies = (): string => join(scratch.root, "copies");
    beforeEach(() => {
      scratch.put("tree/etc/hosts", "before\n", 0o640);
      chmodSync(join(scratch.tree, "etc/hosts"), 0o4640);
      scratch.link("tree/etc/link", "../before");
      execFileSync("mkfifo", [join(scratch.tree, "etc/fifo")]);
      scratch.put("tree/etc/large", "");
      truncateSync(join(scratch.tree, "etc/large"), 2 * 1024 ** 2);
      scratch.link("tree/opt/behind", scratch.host);
      mkdirSync(copies());
      expect(scratch.run("keep", [copies()], list)).toMatchObject({ code: 0, errors: "" });
    });

    it("are copied as far as they are files of sensible size, and links", () => {
      expect(readdirSync(join(copies(), "etc")).sort()).toEqual(["hosts", "link"]);
      expect(existsSync(join(copies(), "opt"))).toBe(false);
      expect(readFileSync(`${copies()}.unkept`, "utf8")).toBe("etc/fifo\netc/large\n");
    });

    it("are as before, but for what could not be kept", () => {
      for (const path of paths.slice(0, 5)) rmSync(join(scratch.tree, path), { force: true });
      for (const path of paths.slice(0, 5)) scratch.put(`tree/${path}`, "after\n");
      scratch.put("tree/etc/.pulumi-nspawn.0a1b2c", "left behind\n");
      const said = scratch.run("restore", [copies()], list);
      expect(said).toMatchObject({ code: 0, errors: "" });
      expect(said.out.toString().split("\n").sort()).toEqual(["", "etc/hosts", "etc/link", "etc/new"]);
      expect(readFileSync(join(scratch.tree, "etc/hosts"), "utf8")).toBe("before\n");
      expect(statSync(join(scratch.tree, "etc/hosts")).mode & 0o7777).toBe(0o4640);
      expect(readlinkSync(join(scratch.tree, "etc/link"))).toBe("../before");
      expect(readdirSync(join(scratch.tree, "etc")).sort()).toEqual(["fifo", "hosts", "large", "link"]);
    });

    it("do not hinder each other, and lead nowhere, when the machine has put a link in the way of one", () => {
      rmSync(join(scratch.tree, "etc"), { recursive: true });
      symlinkSync(scratch.host, join(scratch.tree, "etc"));
      scratch.put("tree/opt/kept", "");
      const said = scratch.run("restore", [copies()], `${list}opt/kept\n`);
      expect(said.code).toBe(1);
      expect(said.errors).toContain("leads through a link inside the machine's tree (etc)");
      expect(existsSync(join(scratch.tree, "opt/kept"))).toBe(false);
    });
  });

  it("are copied from a folder of somebody else's only when they are files, up to a size", () => {
    scratch.put("archive", "0123456789");
    scratch.link("archive.link", "archive");
    execFileSync("mkfifo", [join(scratch.root, "archive.fifo")]);
    const take = (name: string, most: string): string => {
      const { code, out } = scratch.run("take", [join(scratch.root, name), join(scratch.root, "copy"), most]);
      return `${code} ${out.toString()}`;
    };
    expect(["archive.link", "archive.fifo", "absent"].map((name) => take(name, "10"))).toEqual(
      Array(3).fill("3 no file"),
    );
    expect(take("archive", "9")).toBe("3 large");
    rmSync(join(scratch.root, "copy"));
    expect(take("archive", "10")).toBe("0 ");
    expect(readFileSync(join(scratch.root, "copy"), "utf8")).toBe("0123456789");
  });
});
