import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asRoot } from "../support/run-script";
import { archive, bootable, sha256, tarball, type Entry } from "./archive";
import { ImagePlace } from "./image-place";

jest.setTimeout(120_000);

asRoot("an archive on the host", () => {
  let place: ImagePlace;
  let good: Buffer;
  beforeAll(async () => void (good = await tarball(bootable)));
  beforeEach(() => void (place = new ImagePlace()));
  afterEach(() => place.remove());

  async function refused(bytes: Buffer, says: RegExp, sum = sha256(bytes)): Promise<void> {
    const { failure } = await place.make({ path: place.put("image.tar", bytes), sha256: sum });
    expect(failure).toMatchObject({ code: "NSPAWN_IMAGE" });
    expect(failure!.message).toMatch(says);
    expect(await place.left()).toEqual([]);
  }

  it("becomes an image whose identity is gone", async () => {
    const path = place.put("image.tar.gz", good);
    const { failure } = await place.make({ path, sha256: sha256(good) });
    expect(failure).toBeUndefined();
    const left = await place.left();
    expect(left.filter((name) => name.includes("partial"))).toEqual([]);
    expect(left.filter((name) => name.endsWith("spaces \\ and ü") || name.endsWith("systemd/init"))).toHaveLength(2);
    const root = left.find((name) => /\/images\/[0-9a-f]{16}$/.test(name))!;
    const { output } = await place.shell(
      `stat -c '%a %U' ${root}; wc -c <${root}/etc/machine-id; readlink ${root}/lib; find ${root}/etc -name '*networkd*'`,
    );
    expect(output.split("\n").slice(0, 3)).toEqual(["755 root", "0", "usr/lib"]);
    expect(output).toContain("multi-user.target.wants/systemd-networkd.service");
  });

  // As a reader types it, in a folder with a tree whose dev has what mknod(1) makes.
  it("is good as docs/images.md makes it of a tree with device files", async () => {
    const line = /^tar --numeric-owner .*$/m.exec(readFileSync(join(__dirname, "../../docs/images.md"), "utf8"))![0];
    const folder = mkdtempSync(join(tmpdir(), "nspawn-tree-"));
    try {
      const make = `mkdir tree && tar -xf - -C tree && mkdir tree/dev tree/proc tree/run && mknod tree/dev/null c 1 3 && mkfifo tree/run/initctl && ${line}`;
      execFileSync("sh", ["-ec", make], { cwd: folder, input: await archive(bootable) });
      const bytes = readFileSync(join(folder, "web-1.4.tar.gz"));
      const { failure } = await place.make({ path: place.put("web-1.4.tar.gz", bytes), sha256: sha256(bytes) });
      expect(failure).toBeUndefined();
      expect((await place.left()).filter((name) => /\/(dev|run)\/./.test(name))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("may be plain or packed by xz", async () => {
    const plain = await archive(bootable);
    expect((await place.make({ path: place.put("a", plain), sha256: sha256(plain) })).failure).toBeUndefined();
    const xz = execFileSync("xz", ["-c"], { input: plain });
    expect((await place.make({ path: place.put("b", xz), sha256: sha256(xz) })).failure).toBeUndefined();
  });

  it("is refused with one byte flipped, and told from what was expected", async () => {
    const flipped = Buffer.from(good);
    flipped[good.length >> 1]! ^= 1;
    await refused(
      flipped,
      new RegExp(`expected the SHA-256 sum ${sha256(good)}, got ${sha256(flipped)}`),
      sha256(good),
    );
  });

  it("is refused when it is cut off, by its sum and without it", async () => {
    const half = good.subarray(0, good.length >> 1);
    await refused(half, /expected the SHA-256 sum/, sha256(good));
    await refused(half, /damaged|no tree|no tar/);
    const plain = await archive([...bootable, { name: "long", content: "x".repeat(5000) }]);
    await refused(plain.subarray(0, -4000), /damaged/);
  });

  const hostile: [string, Entry[], RegExp][] = [
    ["an absolute path", [{ name: "/etc/cron.d/x", content: "x" }], /unsafe entry "\/etc\/cron.d\/x": it leads out/],
    ["..", [{ name: "../x", content: "x" }], /unsafe entry "\.\.\/x": it leads out/],
    [".. inside", [{ name: "./usr/../../x", content: "x" }], /it leads out of the tree/],
    ["a link, then a file through it", [{ name: "out", type: "symlink", linkname: "/var/lib/files" }, { name: "out/x", content: "x" }], /unsafe entry "out\/x": it would be written through the link "out"/],
    ["the same with a space and dots", [{ name: "./o t/.", type: "symlink", linkname: "/etc" }, { name: ".//o t/./x", content: "x" }], /written through the link "o t"/],
    ["a file, then a link in the place of its directory", [{ name: "d/x", content: "x" }, { name: "d", type: "symlink", linkname: "/etc" }], /a directory stands in its place/],
    ["a link twice", [{ name: "l", type: "symlink", linkname: "/etc" }, { name: "l", content: "x" }], /a link stands in its place/],
    ["a link as the tree itself", [{ name: ".", type: "symlink", linkname: "/etc" }], /takes the place of the tree itself/],
    ["a hard link out", [{ name: "h", type: "link", linkname: "/etc/shadow" }], /hard link to "\/etc\/shadow"/],
    ["a hard link up", [{ name: "h", type: "link", linkname: "../../etc/shadow" }], /hard link to/],
    ["a hard link to a link", [{ name: "l", type: "symlink", linkname: "/etc/shadow" }, { name: "h", type: "link", linkname: "l" }], /is no file before it/],
    ["a device", [{ name: "dev/sda", type: "block-device", devmajor: 8, devminor: 0 }], /unsafe entry "dev\/sda": it is a device/],
    ["another device", [{ name: "dev/mem", type: "character-device", devmajor: 1, devminor: 1 }], /it is a device/],
    ["a pipe", [{ name: "run/x", type: "fifo" }], /it is no file, directory or link/],
    ["a name with a line break", [{ name: "x\n-rw-r--r-- 0/0 0 2026-01-01 00:00:00 y", content: "x" }, { name: "../z", content: "" }], /unsafe entry "\.\.\/z"/],
    ["etc as a link", [...bootable.filter(({ name }) => !name.startsWith("./etc")), { name: "etc", type: "symlink", linkname: "/etc" }], /unsafe entry "etc": it is a link/],
    ["a directory of units as a link", [...bootable, { name: "etc/systemd/system/multi-user.target.wants", type: "symlink", linkname: "/etc" }], /a directory of units in etc\/systemd is a link/],
    ["nothing that boots", [{ name: "etc/", type: "directory" }], /no tree that boots systemd/],
  ]; // prettier-ignore
  it.each(hostile)("is refused with %s", async (_name, entries, says) => {
    await refused(await tarball(entries), says);
    const { output } = await place.shell("ls -A /var/lib/files");
    expect(output).toBe("image.tar\n");
  });

  it("is refused when it holds more than it may, before it is unpacked", async () => {
    const bomb = join(mkdtempSync(join(tmpdir(), "bomb-")), "bomb");
    // Ten files that claim and hold a GiB of nothing each: a sparse file costs tar no space.
    execFileSync("sh", [
      "-c",
      `mkdir ${bomb} && for i in 0 1 2 3 4 5 6 7 8 9; do truncate -s 1G ${bomb}/$i; done && tar -C ${bomb} -cSzf ${bomb}.tar .`,
    ]);
    const { failure } = await place.make({
      path: place.put("bomb.tar", execFileSync("cat", [`${bomb}.tar`])),
      sha256: execFileSync("sha256sum", [`${bomb}.tar`])
        .toString()
        .slice(0, 64),
    });
    rmSync(join(bomb, ".."), { recursive: true });
    expect(failure).toMatchObject({ code: "NSPAWN_IMAGE" });
    expect(failure!.message).toMatch(/the tree is over the limit of 8192 MB/);
    expect(await place.left()).toEqual([]);
  });

  it("is refused when it is no archive, no file, or a link", async () => {
    await refused(Buffer.from("<html>not found</html>"), /is no tar archive/);
    for (const path of ["/var/lib/files/none", "/var/lib/files"]) {
      expect((await place.make({ path, sha256: sha256(good) })).failure?.message).toMatch(/is no file on the host/);
    }
    place.put("image.tar", good);
    await place.shell("ln -s image.tar /var/lib/files/link");
    expect((await place.make({ path: "/var/lib/files/link", sha256: sha256(good) })).failure?.message).toMatch(
      /is no file on the host/,
    );
    expect(await place.left()).toEqual([]);
  });

  it("leaves nothing of an earlier attempt that was killed", async () => {
    const path = place.put("image.tar.gz", good);
    const { failure } = await place.make({ path, sha256: sha256(good) });
    expect(failure).toBeUndefined();
    const root = (await place.left()).find((name) => /\/images\/[0-9a-f]{16}$/.test(name))!;
    await place.shell(`mv ${root} ${root}.partial; echo half >${root}.partial.tar`);
    expect((await place.make({ path, sha256: sha256(good) })).failure).toBeUndefined();
    expect((await place.left()).filter((name) => name.includes("partial"))).toEqual([]);
  });
});
