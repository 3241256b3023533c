import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { parsePath } from "../../provider/observe/path/parse-path";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { planDiagnosis, type Diagnosed } from "../../provider/plan/plan-diagnosis";
import { encodeSteps } from "../../provider/plan/encode";
import { rawFacts } from "../../provider/remote/raw-facts";
import { asRoot, Place } from "../support/run-script";

jest.setTimeout(120_000);

const web: Diagnosed = {
  machine: "web",
  inside: "host0",
  link: "br0",
  uplink: "eth0",
  gateway4: "192.0.2.1",
  mode: "routed",
  addresses: ["198.51.100.7", "2001:db8::7"],
};

/** A host with an uplink, a bridge and a machine, each with the kernel's real network. */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir /run/dir; DIR=/run/dir TAB="$(printf '\t')"
run() { "$@" </dev/null; }
say() { :; }
unshare --net sleep 300 & GUEST=$!
trap 'kill $GUEST' EXIT
sleep 0.3
mkdir /run/bin; PATH=/run/bin:$PATH
printf '#!/bin/sh\necho %s\n' "$GUEST" >/run/bin/machinectl
printf '#!/bin/sh\ncase "$*" in *is-active*) exit 3 ;; *is-system-running) echo degraded; exit 1 ;; esac\n' >/run/bin/systemctl
printf '#!/bin/sh\nprintf "%%s\\n" "$@" | tail -n 1\n' >/run/bin/journalctl
chmod +x /run/bin/*
ip link set lo up
ip link add eth0 type veth peer name far; ip link set far up; ip addr add 192.0.2.1/24 dev eth0; ip addr add 2001:db8:1::1/64 dev eth0 nodad; ip link set eth0 up
ip link add br0 type bridge forward_delay 0
ip link add vb-web type veth peer name host0 netns "$GUEST"
ip link set vb-web master br0 up; ip link set br0 up; ip addr add fe80::1/64 dev br0 nodad
ip route add default via 192.0.2.254; ip -6 route add default via 2001:db8:1::fe
ip route add 198.51.100.7 dev br0; ip -6 route add 2001:db8::7 dev br0
in_machine() { nsenter -t "$GUEST" -n "$@"; }
in_machine sh -c 'ip link set lo up; ip link set host0 up; ip addr add 198.51.100.7/32 dev host0; ip addr add 2001:db8::7/128 dev host0 nodad; ip route add 192.0.2.1 dev host0; ip route add default via 192.0.2.1; ip -6 route add default via fe80::1 dev host0'
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
${hostFile("steps/diagnose.sh")}
# Without what the kernel does by itself meanwhile: duplicate address detection, link-local addresses.
state() {
  for where in env in_machine; do
    for what in 'ip -o link show' 'ip -o -4 addr' 'ip -4 route' 'ip rule' 'ip -6 rule'; do $where $what | sed 's/^\([^<]*\)<.*/\1/'; done
    $where nft list ruleset
  done
}
told() { for file in asked facts/*; do printf '=== %s\n' "$file"; cat "$DIR/$file"; printf '\n'; done; }
`;

/** What the step leaves for the step facts, by name. */
function told(text: string, of: Diagnosed = web): Map<string, string> {
  const [step = ""] = encodeSteps(planDiagnosis([of]).steps).split("\n");
  const [verb, ...words] = step.split("\t");
  const argv = ["--mount", "--net", "--pid", "--fork", "--mount-proc", "--propagation", "private", "sh", "-c"];
  // A ping without an answer waits for two seconds.
  const all = `${frame}\n${text}\nstate >/run/before; step_${verb} '${words.join("' '")}'; sleep 3
state >/run/after; cd "$DIR"; told; cmp /run/before /run/after || echo '=== changed'`;
  const { stdout, stderr, status } = spawnSync("unshare", [...argv, all], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const parts = stdout.split(/^=== /m).slice(1);
  const named = (part: string): [string, string] => [
    part.slice(0, part.indexOf("\n")).replace("facts/", ""),
    part.slice(part.indexOf("\n") + 1),
  ];
  return new Map(parts.map(named));
}

/** The same, read; the machine's state as the step facts tells it. */
const read = (texts: Map<string, string>) => parsePath(new Map([...texts, ["guest.web", "degraded\n"]]));

asRoot("the path to a machine (needs root: network namespaces)", () => {
  it("is what the kernel makes of packets, there and back, and nothing is changed", () => {
    const texts = told("");
    const { inward, outward, pings, rules, inside } = read(texts);
    expect(texts.has("changed")).toBe(false);
    for (const address of web.addresses) {
      expect([inward.get(address)?.route?.dev, outward.get(address)?.route?.dev]).toEqual(["br0", "eth0"]);
    }
    expect([...pings.keys()].sort()).toEqual(web.addresses);
    expect(rules.ipv4).toEqual(["0:\tfrom all lookup local", "32766:\tfrom all lookup main", "32767:\tfrom all lookup default"]); // prettier-ignore
    expect(inside.get("web")).toMatchObject({
      ...{ state: "degraded", silent: { ipv4: false, ipv6: false }, firewall: [] },
    });
    const ways = {
      ipv4: { route: { gateway: "192.0.2.1", dev: "host0" } },
      ipv6: { route: { gateway: "fe80::1", dev: "host0" } },
    };
    expect(inside.get("web")?.networks.get("host0")).toMatchObject({
      out: {
        ipv4: { route: { ...ways.ipv4.route, prefsrc: "198.51.100.7" } },
        ipv6: { route: { ...ways.ipv6.route, prefsrc: "2001:db8::7" } },
      },
      from: ways,
    });
  });

  it("has what the step facts is to look at beside the records", () => {
    expect(told("").get("asked")).toBe(
      [
        "machine\tweb",
        "unit\tsystemd-nspawn@web.service",
        "unit\tpulumi-nspawn-ndppd.service",
        ...["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.proxy_ndp"].map((key) => `sysctl\t${key}`),
        "sysctl\tnet.ipv4.neigh.eth0.proxy_delay",
        "sysctl\tnet.ipv6.neigh.eth0.proxy_delay\n\n",
      ].join("\n"),
    ); // prettier-ignore
    // A dot is part of a VLAN's name; without an uplink in the state it is that of the default route.
    expect(told("", { ...web, uplink: "eth0.100" }).get("asked")).toContain("\tnet.ipv6.neigh.eth0/100.proxy_delay\n");
    expect(told("", { ...web, uplink: undefined }).get("asked")).toContain("\tnet.ipv4.neigh.eth0.proxy_delay\n");
  });

  it("says why it ends, with the rules beside the usual ones", () => {
    const { inward, outward, rules } = read(told("ip rule add pref 100 from all iif br0 blackhole"));
    expect(inward.get("198.51.100.7")?.route?.dev).toBe("br0");
    expect(outward.get("198.51.100.7")).toEqual({ said: "RTNETLINK answers: Invalid argument" });
    expect(rules.ipv4).toContain("100:\tfrom all iif br0 blackhole");
  });

  it("has a machine's own firewall, default route and silence", () => {
    const mine = "table ip mine { chain input { type filter hook input priority 0; policy drop; }; }";
    const guest = `in_machine nft '${mine}'; in_machine ip route del default; in_machine sh -c 'echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all'`;
    const inside = read(told(guest)).inside.get("web");
    expect(inside?.firewall).toEqual([{ families: ["ipv4"], where: "table ip mine, chain input (policy drop)" }]);
    expect(inside?.networks.get("host0")?.out.ipv4).toEqual({ said: "RTNETLINK answers: Network is unreachable" });
    expect(inside?.silent).toEqual({ ipv4: true, ipv6: false });
  });

  it("on a LAN leads by its router, and the host routes nothing", () => {
    const { inward, inside } = read(told("", { ...web, mode: "transparent", gateway4: undefined }));
    expect(inward.size).toBe(0);
    expect(Object.keys(inside.get("web")?.networks.get("host0")?.gateway ?? {})).toEqual(["ipv4", "ipv6"]);
  });

  it("has the newest lines of a machine that does not run, and nothing of its inside", () => {
    const { journals, inside } = read(told("printf '#!/bin/sh\\nexit 1\\n' >/run/bin/machinectl"));
    expect(journals.get("web")).toBe("systemd-nspawn@web.service");
    expect(inside.size).toBe(0);
  });
});

asRoot("a host on which the library was never used (needs root: a mount namespace)", () => {
  it("tells all that the doctor needs, and the step leaves nothing behind", async () => {
    const place = new Place();
    const { failure, results, ...rest } = await place.run(planDiagnosis([web]).steps);
    expect(failure).toBeUndefined();
    const raw = rawFacts({ results, ...rest })!;
    const [facts, path] = [parseFacts(raw), parsePath(raw.texts)];
    expect([facts.links.has("lo"), facts.records.size, facts.files.size]).toEqual([true, 0, 0]);
    expect(["0", "1"]).toContain(facts.sysctls.get("net.ipv4.ip_forward"));
    expect([...path.pings.keys()].sort()).toEqual(web.addresses);
    expect(path.inside.size).toBe(0);
    const { output } = await place.shell("ls /run /var/lib/pulumi-nspawn 2>&1");
    expect(output).not.toMatch(/pulumi-nspawn\.|owners/);
    place.remove();
  });
});
