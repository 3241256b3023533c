import { crud, history } from "./crud";
import { imageRoutes } from "./image-routes";
import type { Json } from "./json";
import { loadBalancerRoutes } from "./load-balancer-routes";
import type { TryApi } from "./try-api";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ lab";

/** Goes through all routes of the API, with requests that are in order. */
export async function everyRoute(lab: TryApi): Promise<void> {
  await catalog(lab);
  const { ssh_key: key } = await crud(lab, "ssh_keys", { name: "k", public_key: KEY, labels: {} }, { name: "k2" });
  const { placement_group: group } = await crud(lab, "placement_groups", { name: "g", type: "spread" }, { name: "g2" });
  const space = { ip_range: "10.0.0.0/16", subnets: [{ type: "cloud", network_zone: "eu-central" }] };
  const { network } = await crud(lab, "networks", { name: "n", ...space }, { labels: { a: "b" } });
  const firewall = await firewalls(lab);
  const order = {
    name: "s",
    server_type: "cx23",
    image: "debian-12",
    location: "fsn1",
    ssh_keys: [String(key.id)],
    user_data: "#cloud-config\n",
    labels: { a: "b" },
    firewalls: [{ firewall: firewall.id }],
    networks: [network.id],
    placement_group: group.id,
    public_net: { enable_ipv4: true, enable_ipv6: true },
    start_after_create: true,
  };
  const { server } = await lab.done("POST", "/servers", order);
  await volumes(lab, server.id);
  await certificates(lab);
  await floatingIps(lab, server.id);
  await servers(lab, server.id, network.id, firewall.id, key.id);
  await primaryIps(lab, server.id);
  await networks(lab, network.id);
  await loadBalancerRoutes(lab, server.id, network.id);
  await failures(lab, server);
  await lab.done("DELETE", `/servers/${server.id}`);
  for (const path of [`ssh_keys/${key.id}`, `placement_groups/${group.id}`, `firewalls/${firewall.id}`]) {
    await lab.done("DELETE", `/${path}`);
  }
  await lab.done("DELETE", `/networks/${network.id}`);
}

async function catalog(lab: TryApi): Promise<void> {
  for (const kind of ["locations", "server_types", "load_balancer_types", "images", "isos"]) {
    const { body } = await lab.call("GET", `/${kind}?per_page=3`);
    await lab.call("GET", `/${kind}/${body[kind][0].id}`);
  }
  await lab.done("GET", "/pricing");
  await lab.call("GET", "/datacenters");
  await lab.call("GET", "/datacenters/1");
}

async function firewalls(lab: TryApi): Promise<Json> {
  const rules = [{ direction: "in", protocol: "tcp", port: "22", source_ips: ["0.0.0.0/0", "::/0"] }];
  const apply = [{ type: "label_selector", label_selector: { selector: "a=b" } }];
  const { firewall } = await crud(lab, "firewalls", { name: "f", rules, apply_to: apply }, { name: "f2" });
  await lab.done("POST", `/firewalls/${firewall.id}/actions/set_rules`, { rules: [] });
  await lab.done("POST", `/firewalls/${firewall.id}/actions/remove_from_resources`, { remove_from: apply });
  await history(lab, "firewalls", firewall.id);
  return firewall;
}

async function servers(lab: TryApi, id: number, network: number, firewall: number, key: number): Promise<void> {
  const path = `/servers/${id}`;
  await lab.done("GET", "/servers?status=running");
  await lab.done("GET", path);
  await lab.done("PUT", path, { name: "s2", labels: { c: "d" } });
  for (const action of ["reboot", "reset", "shutdown"]) await lab.done("POST", `${path}/actions/${action}`);
  const { server } = await lab.done("GET", path);
  const six = server.public_net.ipv6.ip.replace("/64", "9");
  const act = (name: string, body?: object) => lab.done("POST", `${path}/actions/${name}`, body);
  await act("poweroff");
  await act("poweron");
  await act("rebuild", { image: "debian-12" });
  await act("poweroff");
  await act("change_type", { server_type: "cx33", upgrade_disk: false });
  await act("change_dns_ptr", { ip: six, dns_ptr: "s.example.org" });
  await act("change_protection", { delete: true, rebuild: true });
  await lab.done("GET", path);
  await act("change_protection", { delete: false, rebuild: false });
  await act("enable_backup");
  await imageRoutes(lab, id, key);
  await act("disable_backup");
  await act("change_alias_ips", { network, alias_ips: ["10.0.0.9"] });
  await act("detach_from_network", { network });
  await act("attach_to_network", { network, ip: "10.0.0.7", alias_ips: [] });
  await lab.done("GET", path);
  for (const name of ["reset_password", "request_console"]) await lab.call("POST", `${path}/actions/${name}`, {});
  const target = { type: "server", server: { id } };
  await lab.done("POST", `/firewalls/${firewall}/actions/remove_from_resources`, { remove_from: [target] });
  await lab.done("POST", `/firewalls/${firewall}/actions/apply_to_resources`, { apply_to: [target] });
  await lab.done("GET", `/firewalls/${firewall}`);
  await history(lab, "servers", id);
}

async function floatingIps(lab: TryApi, server: number): Promise<void> {
  const order = { type: "ipv4", home_location: "fsn1", name: "fip", description: "", labels: {} };
  const { floating_ip: fip } = await crud(lab, "floating_ips", order, { description: "moved" });
  const { floating_ip: six } = await lab.done("POST", "/floating_ips", { type: "ipv6", server });
  const act = (id: number, name: string, body: object) => lab.done("POST", `/floating_ips/${id}/actions/${name}`, body);
  await act(fip.id, "assign", { server });
  await act(fip.id, "change_dns_ptr", { ip: fip.ip, dns_ptr: "fip.example.org" });
  await act(fip.id, "change_protection", { delete: true });
  await lab.call("DELETE", `/floating_ips/${fip.id}`);
  await act(fip.id, "change_protection", { delete: false });
  await lab.call("DELETE", `/floating_ips/${fip.id}`);
  await lab.done("GET", `/servers/${server}`);
  await history(lab, "floating_ips", fip.id);
  for (const id of [fip.id, six.id]) {
    await act(id, "unassign", {});
    await lab.done("DELETE", `/floating_ips/${id}`);
  }
}

async function primaryIps(lab: TryApi, server: number): Promise<void> {
  const order = { name: "p", type: "ipv4", location: "fsn1", assignee_type: "server", auto_delete: false, labels: {} };
  const { primary_ip: ip } = await crud(lab, "primary_ips", order, { auto_delete: true });
  await lab.done("POST", `/servers/${server}/actions/poweroff`);
  const { primary_ips: own } = await lab.done("GET", "/primary_ips");
  const old = own.find((row: Json) => row.assignee_id === server && row.type === "ipv4");
  const act = (id: number, name: string, body: object) => lab.done("POST", `/primary_ips/${id}/actions/${name}`, body);
  await act(old.id, "unassign", {});
  await lab.done("DELETE", `/primary_ips/${old.id}`);
  await act(ip.id, "assign", { assignee_id: server, assignee_type: "server" });
  await act(ip.id, "change_dns_ptr", { ip: ip.ip, dns_ptr: "p.example.org" });
  await act(ip.id, "change_protection", { delete: false });
  await lab.call("DELETE", `/primary_ips/${ip.id}`);
  await history(lab, "primary_ips", ip.id);
}

async function networks(lab: TryApi, id: number): Promise<void> {
  const act = (name: string, body: object) => lab.done("POST", `/networks/${id}/actions/${name}`, body);
  await act("add_subnet", { type: "cloud", network_zone: "eu-central", ip_range: "10.0.9.0/24" });
  await act("add_route", { destination: "10.100.0.0/16", gateway: "10.0.0.7" });
  await lab.done("GET", `/networks/${id}`);
  await act("delete_route", { destination: "10.100.0.0/16", gateway: "10.0.0.7" });
  await act("delete_subnet", { ip_range: "10.0.9.0/24" });
  await act("change_ip_range", { ip_range: "10.0.0.0/12" });
  await act("change_protection", { delete: true });
  await lab.call("DELETE", `/networks/${id}`);
  await act("change_protection", { delete: false });
  await history(lab, "networks", id);
}

async function failures(lab: TryApi, server: Json): Promise<void> {
  await lab.call("GET", "/servers/1");
  await lab.call("GET", "/actions");
  await lab.call("POST", "/servers", { name: "!" });
  await lab.call("POST", "/servers", { name: "s2", server_type: "cx23", image: "debian-12" });
  await lab.call("POST", `/servers/${server.id}/actions/reset`);
  await lab.call("POST", `/servers/${server.id}/actions/reset`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await lab.call("GET", "/servers", undefined, "wrong");
}

async function volumes(lab: TryApi, server: number): Promise<void> {
  const order = { name: "v", size: 10, location: "fsn1", format: "ext4", labels: {} };
  const { volume } = await crud(lab, "volumes", order, { name: "v2" });
  const attached = await lab.done("POST", "/volumes", { name: "w", size: 10, server, automount: true });
  const act = (id: number, name: string, body?: object) => lab.done("POST", `/volumes/${id}/actions/${name}`, body);
  await act(volume.id, "attach", { server, automount: false });
  await act(volume.id, "resize", { size: 20 });
  await act(volume.id, "change_protection", { delete: true });
  await lab.call("DELETE", `/volumes/${volume.id}`);
  await act(volume.id, "change_protection", { delete: false });
  await history(lab, "volumes", volume.id);
  for (const id of [volume.id, attached.volume.id]) {
    await act(id, "detach");
    await lab.done("DELETE", `/volumes/${id}`);
  }
}

async function certificates(lab: TryApi): Promise<void> {
  const order = { name: "c", type: "managed", domain_names: ["example.org"], labels: {} };
  const { certificate } = await crud(lab, "certificates", order, { name: "c2" });
  await history(lab, "certificates", certificate.id);
  await lab.done("DELETE", `/certificates/${certificate.id}`);
}
