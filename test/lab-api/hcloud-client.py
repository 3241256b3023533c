"""Drives the API with the public hcloud client: ENDPOINT and TOKEN come by the environment. Prints one JSON object."""

import json
import os

from hcloud import APIException, Client
from hcloud.firewalls import FirewallResource, FirewallRule
from hcloud.images import Image
from hcloud.locations import Location
from hcloud.networks import NetworkSubnet
from hcloud.server_types import ServerType

client = Client(token=os.environ["TOKEN"], api_endpoint=os.environ["ENDPOINT"], poll_interval=0.05)
out = {}


def finish(response):
    response.action.wait_until_finished()
    for action in response.next_actions or []:
        action.wait_until_finished()


key = client.ssh_keys.create(name="key", public_key=os.environ["PUBLIC_KEY"])
key = key.update(name="key-2", labels={"a": "b"})
out["key"] = [client.ssh_keys.get_by_name("key-2").id == key.id, client.ssh_keys.get_by_fingerprint(key.fingerprint).id == key.id]

out["types"] = client.server_types.get_by_name("cx23").architecture
out["images"] = client.images.get_by_name_and_architecture("debian-12", "x86").os_flavor
out["locations"] = sorted(location.name for location in client.locations.get_all())

created = client.servers.create(
    name="one",
    server_type=ServerType(name="cx23"),
    image=Image(name="debian-12"),
    location=Location(name="fsn1"),
    ssh_keys=[key],
    user_data="#cloud-config\n",
    labels={"role": "host"},
)
out["initial"] = created.server.status
finish(created)
server = client.servers.get_by_name("one")
out["server"] = [server.status, server.public_net.ipv4.ip, server.public_net.ipv6.ip, server.server_type.name, server.location.name]

fips = []
for family in ["ipv4", "ipv6"]:
    made = client.floating_ips.create(type=family, home_location=Location(name="fsn1"), name=family, description="d")
    fip = made.floating_ip
    fip.assign(server).wait_until_finished()
    fip.change_dns_ptr(fip.ip.replace("/64", "5"), "name.example.org").wait_until_finished()
    fip.reload()
    out[family] = [fip.server.id == server.id, fip.dns_ptr[0]["dns_ptr"]]
    fips.append(fip)

try:
    fips[0].delete()
except APIException as error:
    out["delete assigned"] = error.code

action = server.reset()
try:
    server.power_off()
except APIException as error:
    out["second action"] = error.code
action.wait_until_finished()

server.change_protection(delete=True, rebuild=True).wait_until_finished()
try:
    server.delete()
except APIException as error:
    out["protected"] = error.code
server.change_protection(delete=False, rebuild=False).wait_until_finished()

network = client.networks.create(name="net", ip_range="10.0.0.0/16")
network.add_subnet(NetworkSubnet(type="cloud", network_zone="eu-central", ip_range="10.0.1.0/24")).wait_until_finished()
server.attach_to_network(network).wait_until_finished()
server.reload()
out["private"] = server.private_net[0].ip
server.detach_from_network(network).wait_until_finished()

firewall = client.firewalls.create(
    name="fw",
    rules=[FirewallRule(direction="in", protocol="tcp", port="22", source_ips=["0.0.0.0/0", "::/0"])],
    resources=[FirewallResource(type="server", server=server)],
)
for action in firewall.actions:
    action.wait_until_finished()
server.reload()
out["firewall"] = server.public_net.firewalls[0].firewall.id == firewall.firewall.id

server.power_off().wait_until_finished()
server.change_type(ServerType(name="cx33"), upgrade_disk=True).wait_until_finished()
server.rebuild(Image(name="debian-12")).action.wait_until_finished()
server.change_dns_ptr(server.public_net.ipv4.ip, "host.example.org").wait_until_finished()
server.reload()
out["changed"] = [server.server_type.name, server.primary_disk_size, server.public_net.ipv4.dns_ptr]
out["actions"] = [action.command for action in server.get_actions()]

for n in range(5):
    client.primary_ips.create(name=f"p{n}", type="ipv4", location=Location(name="hel1"))
out["paged"] = [ip.name for ip in client.primary_ips.get_all() if ip.name.startswith("p")]
out["primary by name"] = client.primary_ips.get_by_name("p3").location.name

server.delete().wait_until_finished()
for fip in fips:
    fip.reload()
    out["left " + fip.type] = fip.server
    fip.delete()
for name in out["paged"]:
    primary = client.primary_ips.get_by_name(name)
    if primary and primary.assignee_id is None:
        primary.delete()
firewall.firewall.delete()
network.delete()
key.delete()
out["after"] = [
    len(rows)
    for rows in (
        client.servers.get_all(),
        client.floating_ips.get_all(),
        client.primary_ips.get_all(),
        client.firewalls.get_all(),
        client.networks.get_all(),
        client.ssh_keys.get_all(),
    )
]
print(json.dumps(out))
