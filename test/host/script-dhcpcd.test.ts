import type { Step } from "../../provider/plan/step";
import { Place, asRoot } from "../support/run-script";

const steps: Step[] = [
  { verb: "own", key: "k1", owner: "p/s/bridge/br0" },
  { verb: "lock" },
  { verb: "guard_link", link: "br-none", path: "/etc/systemd/network/10-br-none.netdev" },
];

/** A process that has the title of dhcpcd's. */
const runs = (title: string): string[] => [
  `bash -c 'exec -a "${title}" sleep 4' </dev/null >/dev/null 2>&1 &`,
  "sleep 0.2",
];
const manager = "dhcpcd: [manager] [ip4] [ip6]";

asRoot("dhcpcd beside us (needs root: a mount namespace)", () => {
  const places: Place[] = [];
  afterEach(() => places.splice(0).forEach((place) => place.remove()));

  async function refusal(title: string, settings?: string): Promise<string | undefined> {
    const place = new Place(settings === undefined ? {} : { "dhcpcd.conf": settings }, undefined, runs(title));
    places.push(place);
    return (await place.run(steps)).failure?.message;
  }

  // The first of all: those that have run stay for some seconds.
  test("is left alone where it has one link, as ifupdown starts it", async () => {
    expect(await refusal("dhcpcd: eth0 [ip4] [ip6]")).toBeUndefined();
  });

  test.each([
    ["without a file of its own", undefined],
    ["with a file that says nothing of it", "persistent\nslaac private\n"],
    ["when it denies one kind of cables alone", "denyinterfaces vb-* docker0\n"],
    ["when the line is a comment", "#denyinterfaces vb-* ve-*\n"],
  ])("is refused where it configures every link, %s", async (_what, settings) => {
    const message = await refusal(manager, settings);
    expect(message).toContain("denyinterfaces vb-* ve-*");
    expect(message).toContain("[NSPAWN_OVERRIDDEN]");
  });

  test.each([
    ["denies cables", "denyinterfaces vb-* ve-*\n"],
    ["denies them in two lines", "denyinterfaces ve-*\ndenyinterfaces docker0,vb-*\n"],
    ["denies all that begins so", "denyinterfaces v*\n"],
    ["is told its links", "allowinterfaces eth0\n"],
  ])("is left alone where it %s", async (_what, settings) => {
    expect(await refusal(manager, settings)).toBeUndefined();
  });
});
