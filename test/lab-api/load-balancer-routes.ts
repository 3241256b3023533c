import { crud, history } from "./crud";
import type { TryApi } from "./try-api";

const service = {
  protocol: "http",
  listen_port: 80,
  destination_port: 8080,
  proxyprotocol: false,
  http: { cookie_name: "C", cookie_lifetime: 60, certificates: [], redirect_http: false, sticky_sessions: true },
  health_check: {
    protocol: "http",
    port: 8080,
    interval: 15,
    timeout: 10,
    retries: 3,
    http: { domain: "example.org", path: "/", response: "", status_codes: ["2??"], tls: false },
  },
};

/** All routes of load balancers, with a server that runs and the network that it is in. */
export async function loadBalancerRoutes(lab: TryApi, server: number, network: number): Promise<void> {
  const target = { type: "server", server: { id: server }, use_private_ip: false };
  const order = {
    name: "lb",
    load_balancer_type: "lb11",
    location: "fsn1",
    algorithm: { type: "round_robin" },
    public_interface: true,
    labels: {},
    services: [service],
    targets: [target],
  };
  const { load_balancer: balancer } = await crud(lab, "load_balancers", order, { name: "lb2", labels: { a: "b" } });
  const path = `/load_balancers/${balancer.id}`;
  const act = (name: string, body?: object) => lab.done("POST", `${path}/actions/${name}`, body);
  await act("add_service", { ...service, listen_port: 81 });
  await act("update_service", service);
  await act("delete_service", { listen_port: 81 });
  await act("remove_target", { type: "server", server: { id: server } });
  await act("attach_to_network", { network });
  await targets(lab, path, target, network);
  await act("change_algorithm", { type: "least_connections" });
  await act("change_type", { load_balancer_type: "lb21" });
  await act("change_dns_ptr", { ip: balancer.public_net.ipv4.ip, dns_ptr: "lb.example.org" });
  await act("detach_from_network", { network });
  await act("change_protection", { delete: true });
  await lab.call("DELETE", path);
  await act("change_protection", { delete: false });
  await lab.done("GET", `${path}/metrics?type=bandwidth&start=2026-11-30T00:00:00Z&end=2026-11-30T01:00:00Z`);
  await history(lab, "load_balancers", balancer.id);
  const zoned = { name: "lb3", load_balancer_type: "lb11", network_zone: "eu-central", network };
  const { load_balancer: second } = await lab.done("POST", "/load_balancers", zoned);
  for (const { id } of [balancer, second]) await lab.done("DELETE", `/load_balancers/${id}`);
}

async function targets(lab: TryApi, path: string, server: object, network: number): Promise<void> {
  const act = (name: string, body?: object) => lab.done("POST", `${path}/actions/${name}`, body);
  const vswitch = { type: "vswitch", vswitch_id: 7, network_zone: "eu-central", ip_range: "10.0.8.0/24" };
  await lab.done("POST", `/networks/${network}/actions/add_subnet`, vswitch);
  await act("disable_public_interface");
  await act("enable_public_interface");
  const selector = { type: "label_selector", label_selector: { selector: "c=d" } };
  const address = { type: "ip", ip: { ip: "10.0.8.5" } };
  await act("add_target", server);
  await act("add_target", { ...selector, use_private_ip: true });
  await act("add_target", address);
  await lab.done("GET", path);
  await act("remove_target", selector);
  await act("remove_target", address);
}
