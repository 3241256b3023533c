import { shownFileTrials } from "./files/suite";
import { attacks, fitting, legitimate } from "./list";
import { modes } from "./mode";
import type { Trial } from "./trial";
import { filled, type World } from "./world";

const station = {
  ip4: "192.0.2.1",
  ip6: "2001:db8::1",
  ll6: "fe80::2",
  mac: "02:00:00:00:00:01",
  inside: "host0",
  port: "vb-a",
  link: "br0",
  net6: "2001:db8:1:0:6653::7",
  behind6: "2001:db8:1:0:6653::b",
  past6: "2001:db8:1:0:6654:0:0:0",
};
const world: World = {
  ...{ A: station, B: station, C: station, D: station, E: station },
  HOST: {
    ip4: "192.0.2.9",
    out4: "192.0.2.9",
    ip6: "2001:db8::9",
    ll6: "fe80::1",
    mac: "02:00:00:00:00:09",
    bridge: "br0",
    uplink: "eth0",
    sight: "br0 in",
  },
  MACVLAN: { link: "mv-br0", mac: "02:00:00:00:00:0a", lower: "02:00:00:00:00:0b" },
  PEER: { ip4: "192.0.2.10" },
  GW: { ip4: "192.0.2.9", ll6: "fe80::1", mac: "02:00:00:00:00:09" },
  ROUTER: { ip4: "172.31.1.1", link: "srv1" },
  CLIENT: { ip4: "192.0.2.7", ip6: "2001:db8:ffff::7" },
  NOBODY: {
    ip4: "198.51.100.1",
    ip6: "2001:db8:bad::1",
    ll6: "fe80::66",
    near6: "2001:db8::66:0",
    lease4: "192.0.2.240",
    mac: "02:66:66:66:66:66",
  },
};

const scripts = ({ script, works, undo, weaken, before = [] }: Trial): string[] =>
  [script, ...before.map((each) => each.script), works?.if, undo?.if, weaken?.script, weaken?.undo].filter(
    (text) => text !== undefined,
  );

describe("the lists of the attack suite", () => {
  const networks = modes.filter(({ files }) => files !== true);
  const pairs = networks.flatMap((mode) => mode.combinations.map((name) => [mode.name, name] as const));

  it.each(pairs)(
    "have at least 34 attacks in mode %s, combination %s, and traffic of both families",
    (mode, combination) => {
      expect(fitting(attacks, mode, [combination]).length).toBeGreaterThanOrEqual(34);
      const names = fitting(legitimate, mode, [combination]).map(({ name }) => name);
      // Of machines that are alone with each other, or apart, less is left that may pass.
      const least = { isolated: combination === "separate" ? 0 : 7, macvlan: 7, vxlan: 7, nat: 8 }[mode] ?? 9;
      for (const family of ["IPv4", "IPv6"])
        expect(names.filter((name) => name.endsWith(family)).length).toBeGreaterThanOrEqual(least);
    },
  );

  it.each([
    ["attacks", [...attacks, ...shownFileTrials]],
    ["legitimate", legitimate],
  ])("name each of the %s once", (_, list) => {
    const names = list.map(({ victim, name }) => `${victim}: ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("say for each how it is carried out, and by what at the victim it is judged", () => {
    for (const trial of [...attacks, ...legitimate]) {
      expect([trial.name, (trial.frames === undefined) !== (trial.script === undefined)]).toEqual([trial.name, true]);
      if (trial.frames !== undefined)
        expect([trial.name, trial.works ?? trial.seen]).not.toEqual([trial.name, undefined]);
    }
  });

  it("use no name that the world does not have", () => {
    for (const trial of [...attacks, ...legitimate]) {
      for (const script of scripts(trial)) expect(filled(script, world, "~00000000~")).not.toMatch(/\{[A-Z]/);
    }
  });
});
