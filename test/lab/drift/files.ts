import type { Row } from "./row";

const appended = "printf '# by hand\\n' >>PATH";

/** Each kind of file that the library writes on a host, or into a machine's tree; what somebody does to it. */
const edits: [kind: string, item: RegExp, edit: string][] = [
  ["a bridge, a macvlan, a tunnel", /^\/etc\/systemd\/network\/10-[\w-]+\.netdev$/, appended],
  ["the same, and a machine's port", /^\/etc\/systemd\/network\/10-[\w-]+\.network$/, appended],
  ["the uplink as a port", /^\/etc\/systemd\/network\/05-eth0\.network$/, appended],
  ["routes and leases of machines", /^\/etc\/systemd\/network\/10-[\w-]+\.network\.d\/[\w-]+\.conf$/, "rm PATH"],
  ["networkd's own settings", /^\/etc\/systemd\/networkd\.conf\.d\/60-pulumi-nspawn\.conf$/, appended],
  ["kernel settings", /^\/etc\/sysctl\.d\/60-pulumi-nspawn\.conf$/, "rm PATH"],
  ["limits, the uplink's script, ndppd's", /^\/etc\/pulumi-nspawn\/(limits|uplink|ndppd)$/, appended],
  ["the uplink's hooks", /^\/etc\/(network\/if-up|dhcp\/dhclient-exit-hooks)\.d\/pulumi-nspawn$/, "rm PATH"],
  ["what is answered for", /^\/etc\/pulumi-nspawn\/proxies\.d\/(floating|machine)-\w+\.conf$/, "rm PATH"],
  ["filters and their scripts", /^\/etc\/pulumi-nspawn\/filter\/\w+\.(nft|sh)$/, appended],
  ["a machine's part of a filter", /^\/etc\/pulumi-nspawn\/filter\/\w+\.d\/\w+\.nft$/, "rm PATH"],
  ["units", /^\/etc\/systemd\/system\/pulumi-nspawn-[\w-]+\.(service|path)$/, appended],
  ["drop-ins of nftables", /^\/etc\/systemd\/system\/nftables\.service\.d\/60-pulumi-nspawn-\w+\.conf$/, "rm PATH"],
  ["what keeps ifupdown away", /^\/etc\/systemd\/system\/(networking|ifup@eth0)\.service\.d\/60-pulumi-nspawn\.conf$/, "rm PATH"],
  ["machines' units", /^\/etc\/systemd\/system\/systemd-nspawn@\w+\.service\.d\/6[01]-pulumi-nspawn\.conf$/, appended],
  ["machines", /^\/etc\/systemd\/nspawn\/\w+\.nspawn$/, appended],
  ["a machine's networks", /^\/var\/lib\/machines\/\w+\/etc\/systemd\/network\/80-container-[\w-]+\.network$/, appended],
  ["a machine's forwarding", /^\/var\/lib\/machines\/\w+\/etc\/sysctl\.d\/60-pulumi-nspawn\.conf$/, "rm PATH"],
  ["a machine's name", /^\/var\/lib\/machines\/\w+\/etc\/host(s|name)$/, "echo other >PATH"],
  ["who logs in", /^\/var\/lib\/machines\/\w+\/root\/\.ssh\/authorized_keys$/, "rm PATH"],
]; // prettier-ignore

export const files: Row[] = edits.map(([, item, edit]): Row => ({
  ...{ round: "disk", what: "files", item },
  change: ({ item: path }) => edit.replaceAll("PATH", `'${path}'`),
  line: ({ item: path }) => ` ${path}:`,
}));
