import { asRoot } from "../support/run-script";
import { imageHash } from "../../provider/model/image";
import { ImagePlace } from "./image-place";

jest.setTimeout(120_000);

const path = "/var/lib/files/tree";
const bootable = `
rm -rf ${path} && mkdir -p ${path} && cd ${path} && mkdir -p etc/ssh usr/lib/systemd/system usr/bin var/lib dev run proc home
echo 0123456789abcdef0123456789abcdef >etc/machine-id; echo key >etc/ssh/ssh_host_ed25519_key
printf '#!' >usr/lib/systemd/systemd; ln usr/lib/systemd/systemd usr/lib/systemd/init
printf '[Service]\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' >usr/lib/systemd/system/systemd-networkd.service
touch usr/bin/su; chmod 4755 usr/bin/su; ln -s /etc/shadow home/link; mkfifo home/pipe
printf x >"home/a name
with a line break"; truncate -s 1G home/sparse
mknod dev/null c 1 3; echo x >run/left
`;

asRoot("a directory on the host", () => {
  let place: ImagePlace;
  beforeEach(() => void (place = new ImagePlace()));
  afterEach(() => place.remove());

  const make = async (more = "", args: { path?: string; version?: string } = {}) => {
    const { code, output } = await place.shell(`set -e\n${bootable}\n${more}`);
    expect([code, output]).toEqual([0, ""]);
    return place.makeOf({ kind: "directory", path, ...args });
  };
  const image = (version?: string): string =>
    `/var/lib/pulumi-nspawn/images/${imageHash({ kind: "directory", path, ...(version && { version }) })}`;
  const inImage = async (text: string): Promise<string> =>
    (await place.shell(`cd ${image()} && ${text}`)).output.trim();

  it("becomes an image: content, modes and links, without what identifies a system and what no image has", async () => {
    expect((await make()).failure).toBeUndefined();
    expect(
      await inImage("wc -c <etc/machine-id; ls etc/ssh dev run; stat -c '%a %u' usr/bin/su; readlink home/link"),
    ).toBe(["0", "dev:", "", "etc/ssh:", "", "run:", "4755 0", "/etc/shadow"].join("\n"));
    expect(
      await inImage("ls -b home; stat -c %h usr/lib/systemd/init; [ $(du -m home/sparse | cut -f 1) -lt 9 ]; echo $?"),
    ).toBe(["a\\ name\\nwith\\ a\\ line\\ break", "link", "sparse", "2", "0"].join("\n"));
    // It is as it was.
    expect((await place.shell(`cat ${path}/etc/ssh/ssh_host_ed25519_key; ls ${path}/home | wc -l`)).output).toBe(
      "key\n5\n",
    );
  });

  it("is made once for each path and version", async () => {
    await make();
    await make("echo changed >etc/motd");
    expect(await inImage("ls etc")).not.toContain("motd");
    expect((await make("echo changed >etc/motd", { version: "2" })).failure).toBeUndefined();
    expect((await place.shell(`cat ${image("2")}/etc/motd`)).output).toBe("changed\n");
  });

  it("has the owners that they are inside, where a user namespace has moved them", async () => {
    const more =
      "chown -hR 524288:524288 .; chown 524289:524290 home/link -h; chown 524388 usr/bin/su; chmod 4755 usr/bin/su";
    expect((await make(more)).failure).toBeUndefined();
    expect(await inImage("stat -c '%a %u %g' . usr/bin/su home/link")).toBe("755 0 0\n4755 100 0\n777 1 2");
  });

  it.each<[string, string, RegExp]>([
    ["a device outside of dev", "mknod home/sda b 8 0", /unsafe entry "home\/sda": it is a device/],
    ["a link in the place of etc", "mv etc etc2; ln -s etc2 etc", /unsafe entry "etc": it is a link/],
    ["a link in the place of usr", "mv usr usr2; ln -s usr2 usr", /no tree that boots systemd/],
    ["no system", "rm -r usr", /no tree that boots systemd/],
    [
      "a sparse bomb",
      "truncate -s 1T home/sparse 2>/dev/null || truncate -s 15G home/sparse",
      /over the limit of 8192 MB/,
    ],
    [
      "a file of somebody outside",
      "chown 524288 home/sparse",
      /a file belongs to 524288:0, which is none of the tree's own users/,
    ],
  ])("is refused with %s, and leaves nothing", async (_, more, says) => {
    const { failure } = await make(more);
    expect(failure).toMatchObject({ code: "NSPAWN_IMAGE" });
    expect(failure!.message).toMatch(says);
    expect((await place.left()).filter((name) => name.includes("pulumi-nspawn/images/"))).toEqual([]);
  });

  it.each([
    ["through a link", "/var/lib/files/link/x", "ln -s / /var/lib/files/link", /leads through the link/],
    ["at nothing", "/var/lib/files/none", "", /is no directory on the host/],
    ["at a file", "/etc/passwd", "", /is no directory on the host/],
  ])("is refused %s", async (_, at, before, says) => {
    await place.shell(`mkdir -p /var/lib/files; ${before}`);
    const { failure } = await place.makeOf({ kind: "directory", path: at });
    expect(failure).toMatchObject({ code: "NSPAWN_IMAGE", message: expect.stringMatching(says) });
  });
});
