import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import type { BridgeArgs } from "../../provider/model/args";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredMachine } from "../../provider/render/desired-machine";
import { asRoot } from "../support/run-script";
import { bridgeArgs, machineArgs } from "../support/sample";

jest.setTimeout(60_000);

const bridgeOf = (changes: Partial<BridgeArgs>) => bridgeArgs({ bridge: "back", isolation: "tenant", ...changes });
const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.3"] };

/** The filter of a bridge, on which a machine is as another one had it, in the place of the host's files. */
function loaded(bridge: BridgeArgs, machines: BridgeArgs): string {
  const [network] = machineArgs().networks;
  const { mode, isolation, attach, vxlan: tunnel } = machines;
  const on = { ...network!, bridge: "back", mode, isolation, attach, vxlan: tunnel?.id };
  const all = { ...desiredMachine(machineArgs({ name: "db", networks: [on] })).files, ...desiredBridge(bridge).files };
  const texts = Object.entries(all).filter(([path]) => /^\/etc\/(pulumi-nspawn\/filter|systemd\/network)\//.test(path));
  const files = texts.map(
    ([path, text]) => `mkdir -p ${path.replace(/\/[^/]*$/, "")}; cat >${path} <<'OURS'\n${text}OURS`,
  );
  const script = `set -eu
${hostLibrary()}
FAILED="" CHANGED="" DIR=/run/dir
say() { :; }
fail() { echo "$1: $2"; exit 0; }
${hostFile("steps/filter.sh")}
mount -t tmpfs tmpfs /run; mkdir /run/dir /run/upper /run/work; : >/run/dir/log
mount -t overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work overlay /etc
${files.join("\n")}
step_filter back; nft list tables | grep -c back`;
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { status, stdout, stderr } = spawnSync("unshare", [...spaces, "sh", "-c", script], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

asRoot("the filter of a bridge with machines", () => {
  const isolated = bridgeOf({ mode: "isolated", ipv4: undefined, ipv6: undefined });
  const tunnel = bridgeOf({ mode: "isolated", ipv4: undefined, ipv6: undefined, vxlan, mtu: 1450 });

  it("loads with what they are", () => {
    expect(loaded(bridgeOf({}), bridgeOf({}))).toBe("3");
    expect(loaded(isolated, isolated)).toBe("3");
  });

  it.each([
    ["attachment", bridgeOf({ attach: "veth" }), bridgeOf({})],
    ["tunnel", isolated, tunnel],
  ])("loads when its %s is changed under them", (_, now, before) => {
    expect(loaded(now, before)).toBe("3");
    expect(loaded(before, now)).toBe("3");
  });

  it.each([
    ["isolated", "routed", bridgeOf({}), isolated],
    [
      "nat",
      "routed",
      bridgeOf({}),
      bridgeOf({ mode: "nat", ipv4: undefined, lan4: { network: "10.3.0.0/16", gateway: "10.3.0.1" } }),
    ],
    ["routed", "isolated", isolated, bridgeOf({})],
  ])("says what is to be done when its mode is changed under them: from %s to %s", (_was, _is, now, before) => {
    expect(loaded(now, before)).toMatch(
      /^NSPAWN_INVALID_INPUT: machines on back \(db\) are as its former mode had them.* Take the machines off it first/,
    );
  });
});
