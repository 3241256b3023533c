import { parse } from "yaml";
import { debian } from "../../support/debian";
import { Lab } from "../../support/harness";
import { describeInLab } from "../available";

const minutes = 60_000;

/** Hetzner's private networks as the lab has them, without any of the library. hetzner.md 3.3. */
describeInLab("the lab's private networks", () => {
  const lab = new Lab("e2e-cables");
  const ids: Record<string, number> = {};

  const done = async (path: string, body: object) => {
    const answer = await lab.api("POST", path, body);
    for (const action of [answer.action, ...(answer.next_actions ?? [])].filter(Boolean))
      for (;;) {
        const { action: now } = await lab.api("GET", `/actions/${action.id}`);
        if (now.status === "error") throw new Error(JSON.stringify(now.error));
        if (now.status === "success") break;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    return answer;
  };
  const order = async (name: string, more: object) => {
    const { server } = await done("/servers", { name, server_type: "cx23", image: debian.image, location: "fsn1", ...more });
    ids[name] = server.id;
  }; // prettier-ignore
  /** Asked from outside each time: who waits in a server keeps it from going down. */
  const until = async (place: string, script: string, seconds = 60) => {
    for (let left = seconds; (await lab.exec(place, ["sh", "-ec", script])).code !== 0; left -= 1) {
      if (left === 0) throw new Error(await lab.sh(place, "ip addr; ip route; journalctl -n 30 -u 'hc-net*' -u lab-hotplug"));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }; // prettier-ignore
  const has = (place: string, address: string, link = "enp7s0") =>
    until(place, `ip -o -4 addr show dev ${link} | grep -F " ${address}/32 "`);
  const ping = (place: string, address: string, ...more: string[]) =>
    lab.exec(place, ["ping", "-n", "-c", "1", "-W", "2", ...more, address]);

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    const { network } = await lab.api("POST", "/networks", {
      name: "back",
      ip_range: "10.0.0.0/16",
      subnets: [{ type: "cloud", network_zone: "eu-central", ip_range: "10.0.1.0/24" }],
    });
    ids["network"] = network.id;
    await order("open", {});
    await order("inner", { public_net: { enable_ipv4: false, enable_ipv6: false }, networks: [network.id] });
    await done(`/servers/${ids["open"]}/actions/attach_to_network`, {
      network: network.id,
      ip: "10.0.1.7",
      alias_ips: ["10.0.1.70"],
    });
  }, 10 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test("plug in an interface where a server runs, and one at the boot of another", async () => {
    await has("open", "10.0.1.7");
    await has("inner", "10.0.1.1");
    const link = await lab.sh("open", "ip -o link show dev enp7s0; ip route");
    expect(link).toMatch(/mtu 1450 .* link\/ether 86:00:/);
    expect(link).toMatch(/10\.0\.0\.0\/16 via 10\.0\.0\.1 dev enp7s0/);
    expect(link).toMatch(/10\.0\.0\.1 dev enp7s0 .*scope link/);
    expect(link).toMatch(/default via 172\.31\.1\.1 dev eth0/);
    expect(await lab.sh("inner", "ip -o link; ip route")).not.toMatch(/eth0|default via/);
    const text = await lab.sh("open", "curl -s http://169.254.169.254/hetzner/v1/metadata/private-networks");
    expect(parse(text)).toMatchObject([
      { ip: "10.0.1.7", alias_ips: ["10.0.1.70"], network: "10.0.0.0/16", subnet: "10.0.1.0/24", gateway: "10.0.0.1" },
    ]);
  }, 4 * minutes); // prettier-ignore

  test("route between servers, as wide as 1450 bytes, by the gateway alone", async () => {
    expect(await ping("open", "10.0.1.1", "-M", "do", "-s", "1422")).toMatchObject({ code: 0 });
    expect(await ping("open", "10.0.1.1", "-M", "do", "-s", "1423")).not.toMatchObject({ code: 0 });
    expect((await ping("inner", "10.0.1.7", "-t", "1")).output).toMatch(/From 10\.0\.0\.1 .*Time to live exceeded/);
    // Nobody answers for a neighbour.
    await lab.sh("inner", "ip route replace 10.0.1.7/32 dev enp7s0 scope link");
    expect(await ping("inner", "10.0.1.7")).not.toMatchObject({ code: 0 });
    await lab.sh("inner", "ip route del 10.0.1.7/32 dev enp7s0 scope link");
  }, 2 * minutes);

  test("take what comes from a server's own addresses, its aliases, and networks with a route to it", async () => {
    const from = async (address: string) => {
      await lab.sh("open", `ip addr replace ${address}/32 dev lo`);
      return (await ping("open", "10.0.1.1", "-I", address)).code;
    };
    const routes = `/networks/${ids["network"]}/actions`;
    expect(await from("10.0.1.70")).toBe(0);
    expect(await from("10.0.9.5")).not.toBe(0);
    await done(`${routes}/add_route`, { destination: "10.0.9.0/24", gateway: "10.0.1.7" });
    expect(await from("10.0.9.5")).toBe(0);
    expect(await from("10.0.1.99")).not.toBe(0);
    await done(`/servers/${ids["open"]}/actions/change_alias_ips`, { network: ids["network"], alias_ips: [] });
    expect(await from("10.0.1.70")).not.toBe(0);
  }, 3 * minutes);

  test("are there again after a reboot, and go when the server leaves", async () => {
    await lab.sh("open", "touch /run/before");
    await lab.exec("open", ["systemctl", "reboot"]);
    await until("open", "[ ! -e /run/before ]", 90);
    await has("open", "10.0.1.7");
    await until("open", "ping -n -c1 -W1 10.0.1.1");
    expect(await ping("inner", "10.0.9.5")).not.toMatchObject({ code: 0 });
    await lab.sh("open", "ip addr replace 10.0.9.5/32 dev lo");
    expect(await ping("inner", "10.0.9.5")).toMatchObject({ code: 0 });
    await done(`/servers/${ids["open"]}/actions/detach_from_network`, { network: ids["network"] });
    expect(await lab.sh("open", "ip -o link")).not.toContain("enp7s0");
    expect(await ping("inner", "10.0.1.7")).not.toMatchObject({ code: 0 });
    await done(`/servers/${ids["open"]}/actions/attach_to_network`, { network: ids["network"] });
    await has("open", "10.0.1.2");
    await until("open", "ping -n -c1 -W1 10.0.1.1", 10);
  }, 5 * minutes);
}); // prettier-ignore
