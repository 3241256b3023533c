import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const refusal = ({ status, body }: { status: number; body: Json }): unknown[] => [status, body.error?.code];
const field = ({ body }: { body: Json }): string => body.error.details.fields[0].name;
const order = { name: "lb", load_balancer_type: "lb11", location: "fsn1" };
const tcp = { protocol: "tcp", listen_port: 80, destination_port: 8080 };
const toServer = (id: number, more: object = {}): object => ({ type: "server", server: { id }, ...more });
const toLabels = (selector: string, more: object = {}): object => ({
  type: "label_selector",
  label_selector: { selector },
  ...more,
});
const toIp = (ip: string): object => ({ type: "ip", ip: { ip } });

async function balancer(more: object = {}): Promise<Json> {
  const { load_balancer } = await lab.done("POST", "/load_balancers", { ...order, ...more });
  return load_balancer;
}

const shown = async (id: number): Promise<Json> => (await lab.call("GET", `/load_balancers/${id}`)).body.load_balancer;
const act = (id: number, name: string, body?: object) =>
  lab.call("POST", `/load_balancers/${id}/actions/${name}`, body);
const done = (id: number, name: string, body?: object) =>
  lab.done("POST", `/load_balancers/${id}/actions/${name}`, body);

async function network(name = "n"): Promise<Json> {
  const subnets = [
    { type: "cloud", network_zone: "eu-central", ip_range: "10.0.1.0/24" },
    { type: "vswitch", network_zone: "eu-central", ip_range: "10.0.9.0/24", vswitch_id: 7 },
  ];
  return (await lab.done("POST", "/networks", { name, ip_range: "10.0.0.0/16", subnets })).network;
}

async function certificate(name: string): Promise<number> {
  const { certificate: made } = await lab.done("POST", "/certificates", {
    name,
    type: "managed",
    domain_names: ["example.org"],
  });
  return made.id;
}

test("one with everything at once is shown as it was ordered, with what Hetzner adds by itself", async () => {
  const net = await network();
  const server = await lab.server("s", { networks: [net.id], labels: { role: "web" } });
  const targets = [toServer(server.id, { use_private_ip: true }), toLabels("role=web"), toIp("10.0.9.5")];
  const made = await balancer({ network: net.id, services: [tcp], targets, labels: { a: "b" } });
  const unknown = [{ listen_port: 80, status: "unknown" }];
  expect(await shown(made.id)).toMatchObject({
    name: "lb",
    labels: { a: "b" },
    algorithm: { type: "round_robin" },
    load_balancer_type: { name: "lb11", max_services: 5, max_targets: 25, max_assigned_certificates: 10 },
    location: { name: "fsn1" },
    protection: { delete: false },
    public_net: {
      enabled: true,
      ipv4: { ip: "203.0.113.3", dns_ptr: "static.3.113.0.203.clients.your-server.de" },
      ipv6: { ip: "2001:db8:1:2::1", dns_ptr: null },
    },
    private_net: [{ network: net.id, ip: "10.0.1.2" }],
    services: [
      {
        ...tcp,
        proxyprotocol: false,
        health_check: { protocol: "tcp", port: 8080, interval: 15, timeout: 10, retries: 3 },
      },
    ],
    targets: [
      { type: "server", server: { id: server.id }, use_private_ip: true, health_status: unknown },
      {
        type: "label_selector",
        label_selector: { selector: "role=web" },
        use_private_ip: false,
        targets: [{ type: "server", server: { id: server.id }, use_private_ip: false, health_status: unknown }],
      },
      { type: "ip", ip: { ip: "10.0.9.5" }, health_status: unknown },
    ],
  });
  expect((await lab.call("GET", `/servers/${server.id}`)).body.server.load_balancers).toEqual([made.id]);
  expect((await lab.call("GET", `/networks/${net.id}`)).body.network.load_balancers).toEqual([made.id]);
  const { load_balancers } = (await lab.lab("GET", "/state")).body;
  expect(load_balancers).toEqual([{ id: made.id, name: "lb" }]);
});

describe("an order", () => {
  test.each([
    ["no name", { name: undefined }, "name"],
    ["no type", { load_balancer_type: undefined }, "load_balancer_type"],
    ["an unknown type", { load_balancer_type: "lb99" }, "load_balancer_type"],
    ["an unknown place", { location: "mars" }, "location"],
    ["no place", { location: undefined }, "location"],
    ["a place and a zone", { network_zone: "eu-central" }, "location"],
    ["an unknown zone", { location: undefined, network_zone: "eu-west" }, "network_zone"],
    ["an unknown algorithm", { algorithm: { type: "random" } }, "algorithm.type"],
    ["an unknown network", { network: 4711 }, "network"],
    ["port 0", { services: [{ ...tcp, listen_port: 0 }] }, "services.0.listen_port"],
    ["port 65536", { services: [tcp, { ...tcp, destination_port: 65536 }] }, "services.1.destination_port"],
    ["tcp to nowhere", { services: [{ ...tcp, destination_port: undefined }] }, "services.0.destination_port"],
    ["udp", { services: [{ ...tcp, protocol: "udp" }] }, "services.0.protocol"],
    ["a cookie of tcp", { services: [{ ...tcp, http: { sticky_sessions: true } }] }, "services.0.http.sticky_sessions"],
    [
      "a redirect of http",
      { services: [{ ...tcp, protocol: "http", http: { redirect_http: true } }] },
      "services.0.http.redirect_http",
    ],
    [
      "an unknown certificate",
      { services: [{ ...tcp, protocol: "https", http: { certificates: [4711] } }] },
      "services.0.http.certificates",
    ],
    [
      "a health check without protocol",
      { services: [{ ...tcp, health_check: { port: 80 } }] },
      "services.0.health_check.protocol",
    ],
    [
      "a domain with a space",
      { services: [{ ...tcp, health_check: { protocol: "http", http: { domain: "a b" } } }] },
      "services.0.health_check.http.domain",
    ],
    [
      "a path with a space",
      { services: [{ ...tcp, health_check: { protocol: "http", http: { path: "/a b" } } }] },
      "services.0.health_check.http.path",
    ],
    [
      "a status that is a word",
      { services: [{ ...tcp, health_check: { protocol: "http", http: { status_codes: ["2??", "ok"] } } }] },
      "services.0.health_check.http.status_codes",
    ],
    ["a target of no type", { targets: [{ server: { id: 1 } }] }, "targets.0.type"],
    ["a target without server", { targets: [{ type: "server" }] }, "targets.0.server"],
    ["a selector that is none", { targets: [toLabels("a=b=c")] }, "targets.0.label_selector.selector"],
    ["a target that is no address", { targets: [toIp("example.org")] }, "targets.0.ip.ip"],
    ["a private ip target", { targets: [{ ...toIp("10.0.9.5"), use_private_ip: true }] }, "targets.0.use_private_ip"],
  ])("with %s is refused at the field", async (_what, more, name) => {
    const answer = await lab.call("POST", "/load_balancers", { ...order, ...more });
    expect(refusal(answer)).toEqual([422, "invalid_input"]);
    expect(field(answer)).toBe(name);
  });

  test("by network zone comes into a location of it; a type by its id; names are unique", async () => {
    const made = await balancer({ location: undefined, network_zone: "us-east", load_balancer_type: 2 });
    expect([made.location.name, made.load_balancer_type.name]).toEqual(["ash", "lb21"]);
    expect(refusal(await lab.call("POST", "/load_balancers", order))).toEqual([409, "uniqueness_error"]);
  });

  test("without any interface, with a port twice, with a target twice, beyond the type", async () => {
    const post = async (more: object): Promise<unknown[]> =>
      refusal(await lab.call("POST", "/load_balancers", { ...order, ...more }));
    const { id } = await lab.server("s");
    const unattached = [422, "load_balancer_not_attached_to_network"];
    expect(await post({ public_interface: false })).toEqual(unattached);
    expect(await post({ targets: [toServer(id, { use_private_ip: true })] })).toEqual(unattached);
    expect(await post({ services: [tcp, tcp] })).toEqual([422, "source_port_already_used"]);
    expect(await post({ targets: [toServer(id), toServer(id)] })).toEqual([422, "target_already_defined"]);
    expect(await post({ targets: [toServer(4711)] })).toEqual([404, "not_found"]);
    const six = [1, 2, 3, 4, 5, 6].map((n) => ({ ...tcp, listen_port: n }));
    expect(await post({ services: six })).toEqual([403, "resource_limit_exceeded"]);
    const many = Array.from({ length: 26 }, (_, n) => toLabels(`n=${n}`));
    expect(await post({ targets: many })).toEqual([403, "resource_limit_exceeded"]);
    expect((await lab.call("GET", "/load_balancers")).body.load_balancers).toEqual([]);
  });
});

describe("services", () => {
  test("are added, changed in part and taken away by their port", async () => {
    const { id } = await balancer();
    const check = { protocol: "http", port: 80, interval: 5, timeout: 2, retries: 1, http: { path: "/up" } };
    await done(id, "add_service", { protocol: "http", listen_port: 80, health_check: check });
    expect(refusal(await act(id, "add_service", tcp))).toEqual([422, "source_port_already_used"]);
    const whole = {
      ...check,
      http: { domain: null, path: "/up", response: "", status_codes: ["2??", "3??"], tls: false },
    };
    expect((await shown(id)).services).toMatchObject([
      {
        protocol: "http",
        listen_port: 80,
        destination_port: 80,
        proxyprotocol: false,
        http: {
          cookie_name: "HCLBSTICKY",
          cookie_lifetime: 300,
          certificates: [],
          redirect_http: false,
          sticky_sessions: false,
        },
        health_check: whole,
      },
    ]);
    const change = {
      listen_port: 80,
      http: { sticky_sessions: true },
      health_check: { retries: 4, http: { tls: true } },
    };
    await done(id, "update_service", { ...change, proxyprotocol: true });
    const [service] = (await shown(id)).services;
    expect(service).toMatchObject({ destination_port: 80, proxyprotocol: true });
    expect(service.http).toMatchObject({ cookie_name: "HCLBSTICKY", sticky_sessions: true });
    expect(service.health_check).toEqual({ ...whole, retries: 4, http: { ...whole.http, tls: true } });
    for (const name of ["update_service", "delete_service"]) {
      expect(refusal(await act(id, name, { listen_port: 81 }))).toEqual([404, "not_found"]);
    }
    await done(id, "delete_service", { listen_port: 80 });
    expect((await shown(id)).services).toEqual([]);
  });

  test("https presents certificates, which are in use then; as tcp it has none", async () => {
    const [one, other] = [await certificate("one"), await certificate("other")];
    const { id } = await balancer();
    const https = { protocol: "https", listen_port: 443, http: { certificates: [one, other], redirect_http: true } };
    await done(id, "add_service", https);
    const usedBy = async (): Promise<Json> => (await lab.call("GET", `/certificates/${one}`)).body.certificate.used_by;
    expect(await usedBy()).toEqual([{ id, type: "load_balancer" }]);
    expect(refusal(await lab.call("DELETE", `/certificates/${one}`))).toEqual([500, "service_error"]);
    await done(id, "update_service", { listen_port: 443, http: { certificates: [other] } });
    expect(await usedBy()).toEqual([]);
    const [service] = (await shown(id)).services;
    expect(service.http).toMatchObject({ certificates: [other], redirect_http: true });
    await done(id, "update_service", { listen_port: 443, protocol: "tcp" });
    expect((await shown(id)).services[0].http).toBeUndefined();
    await lab.done("DELETE", `/certificates/${other}`);
  });
});

describe("targets", () => {
  test("have to be reachable on the side that is wanted", async () => {
    const net = await network();
    const { id } = await balancer();
    const open = await lab.server("open");
    const closed = await lab.server("closed", { networks: [net.id], public_net: { enable_ipv4: false } });
    const add = async (target: object): Promise<unknown[]> => refusal(await act(id, "add_target", target));
    const privately = { use_private_ip: true };
    expect(await add(toServer(closed.id))).toEqual([422, "missing_ipv4"]);
    expect(await add(toServer(closed.id, privately))).toEqual([422, "load_balancer_not_attached_to_network"]);
    expect(await add(toLabels("a", privately))).toEqual([422, "load_balancer_not_attached_to_network"]);
    expect(await add(toIp("10.0.9.5"))).toEqual([422, "load_balancer_not_attached_to_network"]);
    expect(await add(toServer(4711))).toEqual([404, "not_found"]);
    await done(id, "attach_to_network", { network: net.id });
    expect(await add(toServer(open.id, privately))).toEqual([422, "server_not_attached_to_network"]);
    await done(id, "add_target", toServer(closed.id, privately));
    expect(await add(toServer(closed.id))).toEqual([422, "target_already_defined"]);
    await done(id, "disable_public_interface");
    expect(await add(toServer(open.id))).toEqual([422, "load_balancer_public_interface_disabled"]);
  });

  test("an address is a dedicated server's in the vSwitch, and not a cloud resource's or anybody's", async () => {
    const net = await network();
    const { id } = await balancer({ network: net.id });
    const server = await lab.server("s", { networks: [net.id] });
    const add = async (ip: string): Promise<unknown[]> => refusal(await act(id, "add_target", toIp(ip)));
    const cloud = [422, "cloud_resource_ip_not_allowed"];
    expect(await add(server.public_net.ipv4.ip)).toEqual(cloud);
    expect(await add(server.public_net.ipv6.ip.replace("/64", "9"))).toEqual(cloud);
    expect(await add(server.private_net[0].ip)).toEqual(cloud);
    expect(await add((await shown(id)).public_net.ipv6.ip)).toEqual(cloud);
    for (const ip of ["192.0.2.1", "10.0.1.77", "2001:db8:77::1"]) expect(await add(ip)).toEqual([422, "ip_not_owned"]);
    await done(id, "add_target", toIp("10.0.9.5"));
    await done(id, "remove_target", toIp("10.0.9.5"));
    expect(refusal(await act(id, "remove_target", toIp("10.0.9.5")))).toEqual([404, "load_balancer_target_not_found"]);
  });

  test("a deleted server is none any more; one that joins the labels is one", async () => {
    const { id } = await balancer({ targets: [toLabels("role=web")] });
    const server = await lab.server("s", { labels: { role: "web" } });
    await done(id, "add_target", toServer(server.id));
    expect((await shown(id)).targets[0].targets).toMatchObject([{ server: { id: server.id } }]);
    await lab.done("PUT", `/servers/${server.id}`, { labels: {} });
    expect((await shown(id)).targets[0].targets).toEqual([]);
    await lab.done("DELETE", `/servers/${server.id}`);
    expect((await shown(id)).targets).toMatchObject([{ type: "label_selector" }]);
  });

  test("the public IPv4 of one stays assigned; a private target lets it go", async () => {
    const net = await network();
    const server = await lab.server("s", { networks: [net.id] });
    await lab.done("POST", `/servers/${server.id}/actions/poweroff`);
    const { id } = await balancer({ network: net.id, targets: [toServer(server.id)] });
    const unassign = `/primary_ips/${server.public_net.ipv4.id}/actions/unassign`;
    expect(refusal(await lab.call("POST", unassign))).toEqual([422, "server_is_load_balancer_target"]);
    await done(id, "remove_target", toServer(server.id));
    await done(id, "add_target", toServer(server.id, { use_private_ip: true }));
    await lab.done("POST", unassign);
  });
});

describe("interfaces", () => {
  test("one network at a time, at an address of its own, which nobody else gets", async () => {
    const net = await network();
    const other = await network("m");
    const { id } = await balancer();
    const second = await balancer({ name: "second" });
    await done(id, "attach_to_network", { network: net.id, ip: "10.0.1.1" });
    expect((await shown(id)).private_net).toEqual([{ network: net.id, ip: "10.0.1.1" }]);
    const attach = (n: number, body: object) => act(n, "attach_to_network", body);
    expect(refusal(await attach(id, { network: other.id }))).toEqual([422, "load_balancer_already_attached"]);
    expect(refusal(await attach(second.id, { network: net.id, ip: "10.0.1.1" }))).toEqual([422, "ip_not_available"]);
    const elsewhere = { network: net.id, ip_range: "10.0.7.0/24" };
    expect(refusal(await attach(second.id, elsewhere))).toEqual([422, "no_subnet_available"]);
    expect((await lab.server("s", { networks: [net.id] })).private_net[0].ip).toBe("10.0.1.2");
    const gone = await lab.call("POST", `/networks/${net.id}/actions/delete_subnet`, { ip_range: "10.0.1.0/24" });
    expect(refusal(gone)).toEqual([500, "service_error"]);
  });

  test("private targets leave with the network, whoever goes", async () => {
    const net = await network();
    const server = await lab.server("s", { networks: [net.id] });
    const both = [toServer(server.id, { use_private_ip: true }), toLabels("a")];
    const targets = async (id: number): Promise<string[]> => (await shown(id)).targets.map(({ type }: Json) => type);
    const detached = await balancer({ name: "a", network: net.id, targets: both });
    const left = await balancer({ name: "b", network: net.id, targets: both });
    const bereft = await balancer({ name: "c", network: net.id, targets: [...both, toIp("10.0.9.5")] });
    await done(detached.id, "detach_from_network", { network: net.id });
    const again = await act(detached.id, "detach_from_network", { network: net.id });
    expect(refusal(again)).toEqual([422, "load_balancer_not_attached_to_network"]);
    expect(await targets(detached.id)).toEqual(["label_selector"]);
    await lab.done("POST", `/servers/${server.id}/actions/detach_from_network`, { network: net.id });
    expect(await targets(left.id)).toEqual(["label_selector"]);
    expect(await targets(bereft.id)).toEqual(["label_selector", "ip"]);
    await lab.done("DELETE", `/networks/${net.id}`);
    expect([(await shown(bereft.id)).private_net, await targets(bereft.id)]).toEqual([[], ["label_selector"]]);
  });

  test("the public one is switched off when there is a network, and nothing uses it", async () => {
    const net = await network();
    const { id } = await balancer({ targets: [toLabels("a")] });
    const off = () => act(id, "disable_public_interface");
    expect(refusal(await off())).toEqual([422, "load_balancer_not_attached_to_network"]);
    await done(id, "attach_to_network", { network: net.id });
    expect(refusal(await off())).toEqual([422, "targets_without_use_private_ip"]);
    await done(id, "remove_target", toLabels("a"));
    await done(id, "disable_public_interface");
    expect((await shown(id)).public_net).toMatchObject({ enabled: false, ipv4: { ip: "203.0.113.2" } });
    await done(id, "enable_public_interface");
    expect((await shown(id)).public_net.enabled).toBe(true);
  });

  test("both addresses have names, and go back when it is deleted", async () => {
    const { id, public_net } = await balancer();
    const { ipv4, ipv6 } = public_net;
    for (const { ip } of [ipv4, ipv6]) await done(id, "change_dns_ptr", { ip, dns_ptr: "lb.example.org" });
    expect((await shown(id)).public_net).toMatchObject({
      ipv4: { dns_ptr: "lb.example.org" },
      ipv6: { dns_ptr: "lb.example.org" },
    });
    const beside = ipv6.ip.replace(/1$/, "2");
    expect(field(await act(id, "change_dns_ptr", { ip: beside, dns_ptr: "lb.example.org" }))).toBe("ip");
    await done(id, "change_protection", { delete: true });
    expect(refusal(await lab.call("DELETE", `/load_balancers/${id}`))).toEqual([403, "protected"]);
    await done(id, "change_protection", { delete: false });
    await lab.done("DELETE", `/load_balancers/${id}`);
    expect(refusal(await lab.call("GET", `/load_balancers/${id}`))).toEqual([404, "not_found"]);
    expect((await lab.lab("GET", "/state")).body.empty).toBe(true);
  });
});

test("a smaller type has to hold what there is; the algorithm changes", async () => {
  const services = [1, 2, 3, 4, 5, 6].map((n) => ({ ...tcp, listen_port: n }));
  const { id } = await balancer({ load_balancer_type: "lb21", services });
  const toType = (load_balancer_type: string) => act(id, "change_type", { load_balancer_type });
  expect(refusal(await toType("lb11"))).toEqual([422, "invalid_load_balancer_type"]);
  expect(field(await toType("lb99"))).toBe("load_balancer_type");
  const { action } = await done(id, "change_type", { load_balancer_type: "lb31" });
  expect(action.command).toBe("change_load_balancer_type");
  await done(id, "change_algorithm", { type: "least_connections" });
  expect(await shown(id)).toMatchObject({
    load_balancer_type: { name: "lb31" },
    algorithm: { type: "least_connections" },
  });
});

describe("metrics", () => {
  const ask = async (id: number, query: string) => lab.call("GET", `/load_balancers/${id}/metrics?${query}`);
  const hour = "start=2026-11-30T00:00:00Z&end=2026-11-30T01:00:00Z";

  test("are zero, in 200 samples or at the step that is asked for, 500 at most", async () => {
    const { id } = await balancer();
    const { metrics } = (await ask(id, `type=bandwidth,open_connections&${hour}`)).body;
    expect([metrics.start, metrics.end, metrics.step]).toEqual([
      "2026-11-30T00:00:00.000Z",
      "2026-11-30T01:00:00.000Z",
      18,
    ]);
    expect(Object.keys(metrics.time_series)).toEqual(["bandwidth.in", "bandwidth.out", "open_connections"]);
    const { values } = metrics.time_series["bandwidth.in"];
    expect([values.length, values[1]]).toEqual([200, [1795996818, "0"]]);
    const steps = async (step: number): Promise<number> => {
      const { body } = await ask(id, `type=requests_per_second&${hour}&step=${step}`);
      return body.metrics.time_series.requests_per_second.values.length;
    };
    expect([await steps(600), await steps(1)]).toEqual([6, 450]);
  });

  test.each([
    ["no type", hour, "type"],
    ["an unknown type", `type=cpu&${hour}`, "type"],
    ["no end", "type=bandwidth&start=2026-11-30T00:00:00Z", "end"],
    ["a start that is no time", "type=bandwidth&start=now&end=2026-11-30T00:00:00Z", "start"],
    ["an end before the start", "type=bandwidth&start=2026-11-30T01:00:00Z&end=2026-11-30T00:00:00Z", "end"],
    ["no step at all", `type=bandwidth&${hour}&step=0`, "step"],
  ])("%s is refused", async (_what, query, name) => {
    const { id } = await balancer();
    expect(field(await ask(id, query))).toBe(name);
  });
});
