import type { MachineImageArgs } from "../../provider/model/args";
import { machineObject } from "../../provider/plan/machine-object";
import { machineImageHash, planMachineImage, planMachineImageRemoval } from "../../provider/plan/plan-machine-image";
import type { Program } from "../../provider/plan/program";
import { resourceKey } from "../../provider/plan/resource-key";
import { desiredMachineImage } from "../../provider/render/desired-machine-image";
import { asRoot } from "../support/run-script";
import { common } from "../support/arguments";
import { ImagePlace } from "./image-place";

jest.setTimeout(120_000);

const owner = "shop/lab/machine/web";
const tree = "/var/lib/machines/web";
const owners = "/var/lib/pulumi-nspawn/owners";
const key = resourceKey(owner, machineObject("web"));

/** A machine that was set up by hand, by a root that is not to be trusted. */
const machine = `
rm -rf ${tree} && mkdir -p ${tree} ${owners}/${key} && cd ${tree}
mkdir -p etc/ssh etc/systemd/network usr/lib/systemd/system usr/bin var/lib/systemd var/log/journal/0123 dev run root/.ssh home/me/.ssh srv
echo 0123456789abcdef0123456789abcdef >etc/machine-id; echo key >etc/ssh/ssh_host_ed25519_key; echo web >etc/hostname
printf '#!' >usr/lib/systemd/systemd
printf '[Service]\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' >usr/lib/systemd/system/systemd-networkd.service
printf 'root:$6$salt$hash:1::::::\\nme:$6$a$b:1::::::\\n' >etc/shadow; chmod 640 etc/shadow; cp -p etc/shadow etc/shadow-
echo ours >etc/systemd/network/10-host0.network; echo theirs >etc/systemd/network/90-own.network
echo key >root/.ssh/authorized_keys; echo key >home/me/.ssh/authorized_keys2; echo config >home/me/.ssh/config
echo log >var/log/journal/0123/system.journal; echo seed >var/lib/systemd/random-seed
echo content >srv/page; ln -s /etc/shadow srv/link; mkfifo srv/pipe; printf x >"srv/a name
with a line break"; touch usr/bin/su; chmod 4755 usr/bin/su
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("srv/socket")'
echo web >${owners}/${key}/machine
printf '%s\\n' /etc/systemd/nspawn/web.nspawn ${tree}/etc/systemd/network/10-host0.network ${tree}/root/.ssh/authorized_keys >${owners}/${key}/files
printf 'owner\\t${owner}\\nmachine\\tweb\\n' >${owners}/${key}/record
`;

/** Where no systemd runs, a machine's unit has the state that a file says. */
const units = [
  "mkdir -p /run/own-bin",
  `printf '#!/bin/sh\\n[ "$1" = is-active ] || exec /usr/bin/systemctl "$@"\\ncat /run/own-state 2>/dev/null || echo inactive\\n' >/run/own-bin/systemctl`,
  "chmod +x /run/own-bin/systemctl; mount --bind /run/own-bin /usr/local/sbin",
];

asRoot("a machine that is published", () => {
  let place: ImagePlace;
  beforeEach(() => void (place = new ImagePlace({}, undefined, units)));
  afterEach(() => place.remove());

  const argsOf = (more: Partial<MachineImageArgs> = {}): MachineImageArgs =>
    ({
      ...common("image", "golden"),
      ...{ name: "golden", version: "1", live: false, keep: false, source: { owner, machine: "web" } },
      ...more,
    }) as unknown as MachineImageArgs;
  // Nobody asks for facts here.
  const run = ({ steps, texts }: Program) =>
    place.run(
      steps.filter(({ verb }) => verb !== "facts"),
      texts,
    );
  const publish = async (more = "", args: Partial<MachineImageArgs> = {}) => {
    const { code, output } = await place.shell(`set -e\n${machine}\n${more}`);
    expect([code, output]).toEqual([0, ""]);
    return run(planMachineImage(argsOf(args), desiredMachineImage(argsOf(args)), {}));
  };
  const remove = (args: Partial<MachineImageArgs> = {}) => run(planMachineImageRemoval(argsOf(args)));
  const hash = machineImageHash(argsOf());
  const image = `/var/lib/pulumi-nspawn/images/${hash}`;
  const inImage = async (text: string): Promise<string> => (await place.shell(`cd ${image} && ${text}`)).output.trim();
  const info = `/var/lib/pulumi-nspawn/published/${hash}`;

  it("becomes an image with what was made of it, and without what it is", async () => {
    expect((await publish()).failure).toBeUndefined();
    expect(
      await inImage(
        "cat srv/page etc/systemd/network/90-own.network home/me/.ssh/config; readlink srv/link; ls -b srv",
      ),
    ).toBe(
      ["content", "theirs", "config", "/etc/shadow", "a\\ name\\nwith\\ a\\ line\\ break", "link", "page"].join("\n"),
    );
    const gone =
      "etc/ssh/ssh_host_ed25519_key etc/hostname etc/systemd/network/10-host0.network root/.ssh/authorized_keys home/me/.ssh/authorized_keys2 var/log/journal/0123 var/lib/systemd/random-seed etc/shadow-";
    expect(await inImage(`ls -d ${gone} 2>/dev/null; wc -c <etc/machine-id; stat -c '%a %u' usr/bin/su`)).toBe(
      "0\n4755 0",
    );
    expect(await inImage("cut -d: -f 1,2 etc/shadow; stat -c %a etc/shadow")).toBe("root:*\nme:$6$a$b\n640");
    // The machine is what it was.
    expect((await place.shell(`cat ${tree}/etc/machine-id ${tree}/etc/hostname; ls ${tree}/srv | wc -l`)).output).toBe(
      "0123456789abcdef0123456789abcdef\nweb\n6\n",
    );
    expect((await place.shell(`cat ${info}`)).output).toMatch(
      /^fingerprint\t[0-9a-f]{64}\nbytes\t\d+\ndate\t20\d\d-\d\d-\d\dT[\d:]{8}Z\n$/,
    );
  });

  it("is published once for each version, and what was interrupted is made anew", async () => {
    await publish();
    await publish("echo new >srv/page");
    expect(await inImage("cat srv/page")).toBe("content");
    await publish("echo new >srv/page", { version: "2" });
    expect(
      (await place.shell(`cat /var/lib/pulumi-nspawn/images/${machineImageHash(argsOf({ version: "2" }))}/srv/page`))
        .output,
    ).toBe("new\n");
    await place.shell(`rm -r ${image}`);
    await publish("echo again >srv/page");
    expect(await inImage("cat srv/page")).toBe("again");
  });

  it("has the owners that they are inside, where a user namespace has moved them", async () => {
    expect(
      (await publish(`chown -hR 524288:524288 ${tree}; chown -h 524289:524290 srv/link; chmod 4755 usr/bin/su`))
        .failure,
    ).toBeUndefined();
    expect(await inImage("stat -c '%a %u %g' . usr/bin/su srv/link etc/shadow")).toBe(
      "755 0 0\n4755 0 0\n777 1 2\n640 0 0",
    );
  });

  it.each<[string, string, RegExp]>([
    ["a device", "mknod srv/sda b 8 0", /the machine web: unsafe entry "srv\/sda": it is a device/],
    ["a link in the place of etc", "mv etc srv/etc; ln -s srv/etc etc", /unsafe entry "etc": it is a link/],
    [
      "a link in the place of a folder of the library's files",
      "mv etc/systemd/network srv; ln -s /srv/network etc/systemd/network",
      /a file of the library's could not be removed/,
    ],
    [
      "a link in the place of a folder of units",
      "mkdir -p etc/systemd/system; ln -s /root etc/systemd/system/x.wants",
      /a directory of units .* is a link/,
    ],
    ["a sparse bomb", "truncate -s 15G srv/bomb", /over the limit of 8192 MB/],
    [
      "a file of another machine's users",
      "chown 524288 srv/page",
      /belongs to 524288:0, which is none of the tree's own users/,
    ],
    [
      "another tree in its place",
      `cd /; mv ${tree} ${tree}2; ln -s ${tree}2 ${tree}`,
      /there is no machine web of this program/,
    ],
  ])("is refused with %s, and nothing is left", async (_, more, says) => {
    const { failure } = await publish(more);
    expect(failure).toMatchObject({ code: "NSPAWN_IMAGE" });
    expect(failure!.message).toMatch(says);
    const left =
      "find /var/lib/pulumi-nspawn/images /var/lib/pulumi-nspawn/published -mindepth 1 ! -name '*.lock' 2>/dev/null";
    expect((await place.shell(left)).output).toBe("");
  });

  it("follows no link of the machine's when it is cleaned", async () => {
    const more =
      "rm -r var/log/journal home root; ln -s /var/lib/machines/other/log var/log/journal; ln -s /var/lib/machines/other home; ln -s /var/lib/machines/other root";
    const other =
      "mkdir -p /var/lib/machines/other/log /var/lib/machines/other/.ssh; echo x >/var/lib/machines/other/log/x; echo x >/var/lib/machines/other/.ssh/authorized_keys";
    const { failure } = await publish(`${other}\n${more}`);
    // Its own key's folder is a link now.
    expect(failure?.message).toMatch(/a file of the library's could not be removed/);
    expect((await place.shell("cd /var/lib/machines/other; ls log .ssh")).output).toBe(
      ".ssh:\nauthorized_keys\n\nlog:\nx\n",
    );
  });

  it("has to stand still, unless that does not matter", async () => {
    const { failure } = await publish("echo active >/run/own-state");
    expect(failure).toMatchObject({
      code: "NSPAWN_IMAGE",
      message: expect.stringMatching(/the machine web runs \(active\).*running: false.*btrfs.*live: true/),
    });
    expect((await publish("", { live: true })).failure).toBeUndefined();
    expect(await inImage("cat srv/page")).toBe("content");
  });

  it("goes with its resource, not before the machines that are made of it, and is kept where that is said", async () => {
    await publish();
    const clone = `mkdir -p ${owners}/c; printf 'owner\\ta\\nmachine\\tclone\\nimage\\t${hash}\\n' >${owners}/c/record`;
    await place.shell(clone);
    const { failure } = await remove();
    expect(failure).toMatchObject({ code: "NSPAWN_OWNED", message: expect.stringContaining("are made of: clone; ") });
    expect(await inImage("ls -d etc")).toBe("etc");
    await place.shell(`rm -r ${owners}/c`);
    expect((await remove({ keep: true })).failure).toBeUndefined();
    expect(await inImage("ls -d etc")).toBe("etc");
    await publish();
    expect((await remove()).failure).toBeUndefined();
    expect((await place.shell(`ls -d ${image} ${info} 2>/dev/null`)).output).toBe("");
    expect((await remove()).failure).toBeUndefined();
  });

  it("is told from one of another owner", async () => {
    await publish();
    const { failure } = await publish("", { owner: "shop/other/image/golden" });
    expect(failure).toMatchObject({ code: "NSPAWN_OWNED" });
    expect(await inImage("ls -d etc")).toBe("etc");
  });

  it("is what machines are made of on its host alone", async () => {
    const { failure } = await place.makeOf({ kind: "published", name: "golden", version: "1" });
    expect(failure).toMatchObject({
      code: "NSPAWN_IMAGE",
      message: expect.stringMatching(/no image golden of version 1/),
    });
    await publish();
    expect((await place.makeOf({ kind: "published", name: "golden", version: "1" })).failure).toBeUndefined();
  });
});
