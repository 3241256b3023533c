import { hostLibrary } from "../../provider/host/program";
import { hostFile } from "../../provider/host/files";
import { spawnSync } from "node:child_process";
import type { MachineArgs } from "../../provider/model/args";
import { planMachine } from "../../provider/plan/plan-machine";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArguments } from "../support/arguments";
import { asRoot } from "../support/run-script";

const network = hostFile("steps/network.sh");

jest.setTimeout(60_000);

/** A bridge with a machine's cable; the machine is a namespace of its own, whose MAC address changes. */
const frame = String.raw`
set -eu
${hostLibrary()}
FAILED="" CHANGED=""
say() { :; }
warn() { echo "warning: $1"; }
${network}
mount -t tmpfs tmpfs /run; mkdir -p /run/netns
ip link set lo up; ip link add br0 type bridge forward_delay 0; ip link set br0 up; ip addr add 192.0.2.1/32 dev br0
ip -6 addr add fe80::1/64 dev br0 nodad
ip netns add guest
guest() { ip netns exec guest "$@"; }
machine() { # MAC
  ip link del vb-web 2>/dev/null || :
  ip link add vb-web type veth peer name host0 netns guest address "$1"
  ip link set vb-web master br0 up
  guest ip addr add 198.51.100.7/32 dev host0; guest ip addr add 2001:db8:1::7/128 dev host0 nodad; guest ip link set host0 up
  guest ip route add 192.0.2.1 dev host0
}
ip route add 198.51.100.7 dev br0; ip -6 route add 2001:db8:1::7 dev br0
who() { ip neigh show to "$1" dev br0 | sed 's/.*lladdr \([^ ]*\).*/\1/'; }
machine 02:00:00:00:00:01
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  return `${stdout}${status === 0 ? "" : `${status}: ${stderr}`}`;
}

asRoot("a machine that has another MAC address (needs root: a network namespace)", () => {
  test.each(["198.51.100.7", "2001:db8:1::7"])("is known by it when up is done: %s", (address) => {
    const before = `step_await_answer br0 ${address}; who ${address}`;
    expect(shell(`${before}; machine 02:00:00:00:00:02; step_await_answer br0 ${address}; who ${address}`)).toBe(
      "02:00:00:00:00:01\n02:00:00:00:00:02\n",
    );
  });

  it("is told of when it does not answer", () => {
    const slow = 'await() { shift; sleep 1; "$@"; }';
    expect(shell(`${slow}; guest ip addr flush dev host0; step_await_answer br0 198.51.100.7`)).toMatch(
      /^warning: the machine does not answer for 198\.51\.100\.7 on br0: /,
    );
  });

  test.each([
    ["on the link", "198.51.100.7/32", "-", "yes"],
    ["through who had it before", "198.51.100.7/32", "fe80::2", "no"],
    ["of IPv6", "2001:db8:1::7/128", "-", "yes"],
    ["of nobody", "198.51.100.8/32", "-", "no"],
  ])("has its route when it leads there: %s", (_how, destination, gateway, found) => {
    expect(shell(`if has_route br0 ${destination} ${gateway}; then echo yes; else echo no; fi`)).toBe(`${found}\n`);
  });

  it("has no route on the link while it leads through a neighbour", () => {
    const via =
      "ip route replace 198.51.100.7 via inet6 fe80::2 dev br0; ip -6 route replace 2001:db8:1::7 via fe80::2 dev br0";
    const asked = ["198.51.100.7/32", "2001:db8:1::7/128"].flatMap((to) => [`${to} -`, `${to} fe80::2`]);
    const text = asked.map((words) => `if has_route br0 ${words}; then echo yes; else echo no; fi`).join("; ");
    expect(shell(`${via}; ${text}`)).toBe("no\nyes\nno\nyes\n");
  });
});

describe("the program of a machine", () => {
  const steps = (isolation?: "tenant"): string[] => {
    const args = machineArguments() as unknown as MachineArgs;
    const networks = args.networks.map((one) => ({ ...one, isolation }));
    const { steps: all } = planMachine({ ...args, networks }, desiredMachine({ ...args, networks }), {});
    return all.flatMap((step) =>
      step.verb === "await_answer"
        ? [`${step.verb} ${step.address}`]
        : step.verb === "await_route"
          ? [`${step.verb} ${step.destination} ${step.gateway}`]
          : step.verb === "await_ready"
            ? [step.verb]
            : [],
    );
  };

  it("waits for its answers where the host has to ask, and for the routes of now", () => {
    const [dual] = (machineArguments() as unknown as MachineArgs).networks;
    const addresses = dual!.addresses.map(({ address }) => address);
    expect(steps().slice(-3)).toEqual(["await_ready", ...addresses.map((address) => `await_answer ${address}`)]);
    expect(
      steps()
        .slice(0, 2)
        .every((step) => / -$/.test(step)),
    ).toBe(true);
    expect(
      steps("tenant")
        .slice(0, 2)
        .every((step) => / fe80::[0-9a-f:]+$/.test(step)),
    ).toBe(true);
    expect(steps("tenant").at(-1)).toBe("await_ready");
  });
});

asRoot("rules for what comes in by a link (needs root: a network namespace)", () => {
  const wanted = "1000 iif br0 lookup main suppress_prefixlength 0\n1001 iif br0 unreachable\n";
  const ours = "ip rule add iif br0 lookup main suppress_prefixlength 0 pref 1000; ip rule add iif br0 unreachable pref 1001";
  /** As networkd makes them, which says who made them, and gives a table to one that asks none. */
  const byNetworkd = ours.replaceAll("; ", " protocol static; ").replace("unreachable", "lookup main unreachable") + " protocol static";
  /** In the place of networkd, which brings up what is missing. */
  const networkd = `mkdir -p /run/dir/texts; DIR=/run/dir; printf '${wanted}' >$DIR/texts/t1
    await() { shift; "$@"; }
    networkctl() { if [ "$1" = reconfigure ]; then { ${byNetworkd}; } 2>/dev/null || :; fi; }`;

  test.each([
    ["all there", ours],
    ["all there by networkd", byNetworkd],
    ["beside one in the same place", `${byNetworkd}; ip rule add from 10.0.11.5 iif br0 lookup 77 pref 1000`],
    ["beside one of a routing daemon", `${byNetworkd}; ip rule add iif br0 lookup 77 pref 500 protocol bird`],
    ["all gone", ":"],
    ["one gone", `${byNetworkd}; ip rule del pref 1000`],
    ["beside the same ones", `${byNetworkd}; ${ours}`],
    ["beside one that leads out", `${ours}; ip rule add iif br0 lookup 77 pref 500`],
    ["beside one for some packets", `${ours}; ip rule add from 10.0.11.0/24 fwmark 7 iif br0 blackhole pref 501`],
    ["beside one to another rule", `${ours}; ip rule add to 198.51.100.9 iif br0 goto 1001 pref 502`],
  ])("are exactly ours afterwards: %s", (_, before) => {
    const others = "ip rule add iif eth7 lookup 78 pref 600; ip rule add from 10.9.9.9 lookup 79 pref 601";
    const kept = "600:from all iif eth7 [detached] lookup 78\n601:from 10.9.9.9 lookup 79\n";
    const said = shell(`${networkd}; ${others}; ${before}; step_only_rules br0 t1; link_rules | grep br0; ip rule show | grep ^60 | tr -d '\\t'`);
    expect(said).toBe(`${wanted}${kept}`);
  });

  test("are kept in the words in which they are put back, also when their link is gone", () => {
    const kept = shell("ip rule add iif gone lookup 77 pref 500; net_state | sed -n 's/^rule4 500:[[:space:]]*//p'");
    expect(kept).toBe("from all iif gone lookup 77\n");
    expect(shell(`ip rule add ${kept.trim()} pref 500; ip rule del ${kept.trim()} pref 500; ip rule | grep -c ^500 || :`)).toBe("0\n");
  });

  test("go with the private network, and those of others stay", () => {
    const before = "KEEP=/run/keep; mkdir -p $KEEP/before/etc/systemd/network; printf '[RoutingPolicyRule]\\n' >$KEEP/before/etc/systemd/network/10-br0.network";
    const others = "ip rule add iif br0 lookup 77 pref 500 protocol static; ip rule add iif br1 lookup 78 pref 1001 protocol static";
    const left = shell(`${networkd}; ${byNetworkd}; ${others}; ${before}; step_bridge_up br0 -; ip rule | grep -v "^0:\\|^327" | sed "s/ .detached.//" | tr -d "\\t"`);
    expect(left).toBe("500:from all iif br0 lookup 77 proto static\n1001:from all iif br1 lookup 78 proto static\n");
  });

  test("go with their link, and those of others stay", () => {
    const others = "ip rule add iif br0 lookup 77 pref 500; ip rule add iif br1 lookup 78 pref 501 protocol static";
    const left = shell(`${byNetworkd}; ${others}; ip link del br0; drop_rules br0; ip rule | grep -v "^0:\\|^327" | sed "s/ .detached.//" | tr -d "\\t"`);
    expect(left).toBe("500:from all iif br0 lookup 77\n501:from all iif br1 lookup 78 proto static\n");
  });
}); // prettier-ignore

asRoot("the address that a bridge's DHCP server has for a machine (needs root: network namespaces)", () => {
  /** A client that keeps its lease until its carrier has been away. */
  const client = `changes() { guest cat /sys/class/net/host0/carrier_changes; }; before=$(changes)
    ${hostFile("steps/transparent.sh")}
    guest_addresses() { if [ "$(changes)" = "$before" ]; then echo "$had"; else echo 10.3.0.7; fi; }`;
  const awaited = (had: string, address: string): string =>
    shell(`DIR=/run; had=${had}; ${client}; step_await_lease web host0 vb-web ${address}; echo $(($(changes) - before)) $(ip -br link show vb-web | awk '{ print $2 }')`);

  test("is left alone when the machine has it", () => {
    expect(awaited("10.3.0.7", "10.3.0.7")).toBe("0 UP\n");
  });

  test("is asked for anew by one that still has another", () => {
    expect(awaited("10.3.0.9", "10.3.0.7")).toBe("2 UP\n");
  });

  test("is told when it does not come", () => {
    expect(awaited("10.3.0.9", "10.3.0.8")).toMatch(/^warning: the machine web has not got 10\.3\.0\.8 on host0 yet; .*\n2 UP\n$/);
  }, 60_000);
}); // prettier-ignore
