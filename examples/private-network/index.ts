import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const publicKey = new pulumi.Config().require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

/** Servers have addresses of the subnet; machines have networks of their own beside it. */
const network = new hcloud.Network("private", { ipRange: "10.0.0.0/16" });
const networkId = network.id.apply(Number);
const cloud = { type: "cloud", networkZone: "eu-central" };
const subnet = new hcloud.NetworkSubnet("servers", { networkId, ipRange: "10.0.1.0/24", ...cloud });

const server = { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] };

/** On the first server: translates what the second one sends out. */
const translate = `#cloud-config
packages: [nftables]
write_files:
  - path: /etc/systemd/system/way-out.service
    content: |
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/usr/sbin/sysctl -q -w net.ipv4.ip_forward=1
      ExecStart=/usr/sbin/nft "table ip way-out { chain out { type nat hook postrouting priority srcnat; ip saddr 10.0.1.0/24 oifname eth0 masquerade; }; }"
      [Install]
      WantedBy=multi-user.target
runcmd: [systemctl enable --now way-out.service]
`;
const one = new nspawn.NspawnHost("one", { server: { ...server, userData: translate } });
const placeOfOne = new hcloud.ServerNetwork("one", {
  serverId: one.server!.id.apply(Number),
  subnetId: subnet.id,
  ip: "10.0.1.11",
});
const wayOut = new hcloud.NetworkRoute("way-out", { networkId, destination: "0.0.0.0/0", gateway: placeOfOne.ip });

/** On the second server, which has no public address: its default route leads to the network's gateway. */
const byTheNetwork = `#cloud-config
write_files:
  - path: /etc/systemd/system/way-out.service
    content: |
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/bin/sh -c "until ip route replace default via 10.0.0.1; do sleep 1; done"
      [Install]
      WantedBy=multi-user.target
runcmd: [systemctl enable --now way-out.service]
`;
const two = new nspawn.NspawnHost(
  "two",
  {
    server: {
      ...server,
      publicNets: [{ ipv4Enabled: false, ipv6Enabled: false }],
      networks: [{ subnetId: subnet.id, ip: "10.0.1.12", aliasIps: [] }],
      userData: byTheNetwork,
    },
    ssh: { proxy: { host: one.ipv4.apply((address) => address!), hostKey: one.hostKey.apply((known) => known!) } },
  },
  { dependsOn: [one, wayOut] },
);
const placeOfTwo = two.server!.networks.apply((networks) => networks!.find(({ ip }) => ip === "10.0.1.12")!);

/** A part of the network for the machines of each server. */
const backOne = new nspawn.BridgeNetwork("back-one", {
  host: one,
  bridge: "back",
  privateNetwork: placeOfOne,
  ipv4: { network: "10.0.11.0/24" },
});
const backTwo = new nspawn.BridgeNetwork("back-two", {
  host: two,
  bridge: "back",
  privateNetwork: placeOfTwo,
  ipv4: { network: "10.0.12.0/24" },
});

/** Visitors reach it by IPv6, and it reaches the database by the private network. */
const front = new nspawn.BridgeNetwork("front", { host: one });
const web = new nspawn.NspawnMachine("web", {
  host: one,
  networks: [
    { network: front, addresses: [front.ipv6For("web")] },
    { network: backOne, addresses: [backOne.ipv4For("web")] },
  ],
  image: nspawn.image.debootstrap({ suite: "trixie" }),
  authorizedKeys: [publicKey],
});

/** Nobody but who is on the private network reaches it. */
const dbAddress = backTwo.ipv4For("db");
new nspawn.NspawnMachine("db", {
  host: two,
  networks: [{ network: backTwo, addresses: [dbAddress] }],
  image: nspawn.image.debootstrap({ suite: "trixie" }),
  authorizedKeys: [publicKey],
});

export const webAddress = web.ipv6;
export { dbAddress };
