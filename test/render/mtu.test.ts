import type { MachineArgs } from "../../provider/model/args";
import { found } from "../../provider/observe/found";
import { planMachine } from "../../provider/plan/plan-machine";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArguments } from "../support/arguments";
import { factsOf } from "../observe/facts-of";

const guest = "/var/lib/machines/web/etc/systemd/network/80-container-host0.network";

function machine(changes: object): { args: MachineArgs; lines: Record<string, string[]>; port: unknown } {
  const args = machineArguments() as unknown as MachineArgs;
  const networks = args.networks.map((network) => ({ ...network, ...changes }));
  const { files, live } = desiredMachine({ ...args, networks });
  const sized = Object.entries(files).filter(([, text]) => text.includes("MTUBytes="));
  const lines = sized.map(([path, text]): [string, string[]] => [path, text.match(/^MTUBytes=.*$/gm) ?? []]);
  return { args: { ...args, networks }, lines: Object.fromEntries(lines), port: live.port };
}

const cases: [string, object, string, RegExp][] = [
  ["a bridge without protection", {}, "/etc/systemd/network/10-vb-web.network", /^vb-web master br0 mtu 1400$/],
  [
    "a protected bridge",
    { isolation: "tenant" },
    "/etc/systemd/network/10-vb-web.network",
    /^vb-web master br0 isolated, [0-9a-f:]{17} alone mtu 1400$/,
  ],
  [
    "a cable of its own",
    { isolation: "tenant", attach: "veth" },
    "/etc/systemd/network/10-ve-web.network",
    /^ve-web up fe80::1\/64 mtu 1400$/,
  ],
  [
    "the LAN",
    { mode: "transparent", addresses: [] },
    "/etc/systemd/network/10-vb-web.network",
    /^vb-web master br0 mtu 1400$/,
  ],
];

describe.each(cases)("the size of %s", (_what, changes, cable, fact) => {
  it("reaches the machine's cable and its own interface", () => {
    const { lines, port } = machine({ ...changes, mtu: 1400 });
    expect(lines).toEqual({ [cable]: ["MTUBytes=1400"], [guest]: ["MTUBytes=1400"] });
    expect(port).toMatch(fact);
    expect(machine(changes).lines).toEqual({});
  });

  it("is set on a cable that is there, beside what else is looked after on it", () => {
    const steps = (of: object): object[] => {
      const { args } = machine(of);
      const wanted = ["link_size", "port", "await_address"];
      return planMachine(args, desiredMachine(args), {}).steps.filter(({ verb }) => wanted.includes(verb));
    };
    const link = /10-(v[be]-web)/.exec(cable)?.[1];
    expect(steps({ ...changes, mtu: 1400 })).toContainEqual({ verb: "link_size", link, mtu: 1400 });
    expect(steps({ ...changes, mtu: 1400 }).filter((step) => !("mtu" in step))).toEqual(steps(changes));
  });

  it("is found, and another one is a difference", () => {
    const { args } = machine({ ...changes, mtu: 1400 });
    const desired = desiredMachine(args);
    const facts = factsOf(desired, "k");
    const link = [...facts.links.values()].find(({ ifname }) => /^v[be]-web$/.test(ifname)) ?? {
      ...{ ifname: "ve-web", kind: "veth", up: true, guarded: false, isolated: false, addresses: ["fe80::1/64"] },
      mtu: 1500,
    };
    const at = (mtu: number): unknown => {
      facts.links.set(link.ifname, {
        ...link,
        mtu,
        ...(link.ifname === "ve-web" && { master: undefined, addresses: ["fe80::1/64"] }),
      });
      return found({ desired, key: "k", machine: "web" }, facts).live.port;
    };
    expect(at(1400)).toBe(desired.live.port);
    expect(at(1500)).toBe((desired.live.port as string).replace("1400", "1500"));
  });
});
