import type { DebootstrapArgs, TarballArgs } from "../../provider/model/args";
import type { Reader } from "../../provider/model/read/reader";
import * as address from "../../provider/model/rule/address";
import { connection } from "../../provider/model/rule/connection";
import { hostname, timezone } from "../../provider/model/rule/hostname";
import { image } from "../../provider/model/rule/image";
import * as name from "../../provider/model/rule/name";
import { packageNames } from "../../provider/model/rule/package-name";
import { privateUsers } from "../../provider/model/rule/private-users";
import { authorizedKey, hostKey } from "../../provider/model/rule/public-key";
import { passphrase, password, privateKey } from "../../provider/model/rule/secret";
import { sysctls } from "../../provider/model/rule/sysctl";
import { wireguardKey } from "../../provider/model/rule/wireguard";
import { hostKeyText, machineArgs, meshKeys } from "../support/sample";

/** A rule of one text, and what its accepted values look like, written down apart from the rule. */
export interface RuleCase {
  read: Reader<string>;
  safe: RegExp;
  valid: string[];
  secret?: true;
}

/** The one text inside of a structure, read by the structure's rule. */
function within<T>(read: Reader<T>, put: (value: unknown) => unknown, take: (value: T) => string): Reader<string> {
  return (value, place) => {
    const found = read(put(value), place);
    return place.problems.length > 0 ? "" : take(found);
  };
}

const reach = { host: "203.0.113.2", port: 22, user: "root", hostKeys: [hostKeyText] };
const { image: source } = machineArgs();
const archive = { kind: "tarball", url: "https://images.example.org/x", sha256: "0a".repeat(32) };
/** One packet, a public key, of two bytes: whether it is a key is for gpgv to say. */
const keyBlock = `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${Buffer.from([0xc6, 2, 4, 4]).toString("base64")}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]{2,39})$/;
const pem = `-----BEGIN PRIVATE KEY-----\n${"QUJD".repeat(16)}\n-----END PRIVATE KEY-----\n`;

export const rules: Record<string, RuleCase> = {
  address: { read: address.address, safe: ADDRESS, valid: ["198.51.100.7", "2001:db8::7", "10.0.0.1"] },
  ipv4: { read: address.ipv4, safe: /^\d{1,3}(?:\.\d{1,3}){3}$/, valid: ["198.51.100.7", "192.168.1.2"] },
  resolver: { read: address.resolver, safe: ADDRESS, valid: ["127.0.0.53", "::1", "185.12.64.1"] },
  network4: {
    read: address.network4,
    safe: /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/,
    valid: ["192.0.2.192/26", "10.0.0.0/8"],
  },
  network6: { read: address.network6, safe: /^[0-9a-f:]{3,39}\/\d{2,3}$/, valid: ["2001:db8:1::/64", "fd00::/48"] },
  subnet6: { read: address.subnet6, safe: /^[0-9a-f:]{3,39}\/\d{2,3}$/, valid: ["2001:db8:1:0:5::/80", "fd00::/48"] },
  machineName: {
    read: name.machineName,
    safe: /^[a-z][a-z0-9.-]{0,63}$/,
    valid: ["web", "db-1", "w", "db.example.org"],
  },
  macvlanName: { read: name.macvlanName, safe: /^[A-Za-z][A-Za-z0-9_-]{0,11}$/, valid: ["mv-mgmt", "mesh", "a_b"] },
  bridgeName: { read: name.bridgeName, safe: /^[A-Za-z][A-Za-z0-9_-]{0,14}$/, valid: ["br0", "mgmt", "br-lan_1"] },
  uplinkName: { read: name.uplinkName, safe: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/, valid: ["eth0", "enp1s0.100"] },
  resourceName: { read: name.resourceName, safe: /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, valid: ["web", "Web.1_x-y"] },
  wireguardKey: { read: wireguardKey, safe: /^[A-Za-z0-9+/]{43}=$/, valid: [...meshKeys] },
  identifier: { read: name.identifier, safe: /^[^\x00-\x1f\x7f]{1,300}$/, valid: ["shop/lab/host/host-1", "ü x"] },
  note: { read: name.note, safe: /^[^\x00-\x1f\x7f]{0,2000}$/, valid: ["urn:pulumi:lab::shop::x::y", ""] },
  hostname: {
    read: hostname,
    safe: /^(?=.{1,64}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    valid: ["web", "web-1.example.org"],
  },
  timezone: {
    read: timezone,
    safe: /^(?!.*\.)[A-Za-z][A-Za-z0-9_+/-]{0,63}$/,
    valid: ["Europe/Berlin", "UTC", "Etc/GMT+1"],
  },
  privateUsers: { read: privateUsers, safe: /^(pick|identity|no|\d{5,10}(:65536)?)$/, valid: ["pick", "no", "524288"] },
  hostKey: {
    read: hostKey,
    safe: /^[a-z0-9-]+ [A-Za-z0-9+/]+={0,2}$/,
    valid: [hostKeyText, `${hostKeyText} me@example`],
  },
  authorizedKey: {
    read: authorizedKey,
    safe: /^[A-Za-z][^\x00-\x1f\x7f]*$/,
    valid: [`${hostKeyText} me`, `restrict,command="echo \\"hi\\"" ${hostKeyText}`],
  },
  packageName: {
    read: within(
      packageNames,
      (value) => [value],
      ([only]) => only!,
    ),
    safe: /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/,
    valid: ["nginx-light", "g++", "python3.11"],
  },
  "image.suite": {
    read: within(
      image,
      (suite) => ({ ...source, suite }),
      (read) => (read as DebootstrapArgs).suite,
    ),
    safe: /^[a-z][a-z0-9.-]{0,63}$/,
    valid: ["bookworm", "trixie"],
  },
  "image.mirror": {
    read: within(
      image,
      (mirror) => ({ ...source, mirror }),
      (read) => (read as DebootstrapArgs).mirror,
    ),
    safe: /^https?:\/\/[A-Za-z0-9.:[\]-]+[A-Za-z0-9._~+%/-]*$/,
    valid: ["http://deb.debian.org/debian", "https://10.0.0.7:3142/x", "http://[2001:db8::7]/debian/"],
  },
  "connection.host": {
    read: within(
      connection.read,
      (host) => ({ ...reach, host }),
      (read) => read.host,
    ),
    safe: /^[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}$/,
    valid: ["203.0.113.2", "host-1.example.org", "2001:db8::2"],
  },
  "connection.user": {
    read: within(
      connection.read,
      (user) => ({ ...reach, user }),
      (read) => read.user,
    ),
    safe: /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/,
    valid: ["root", "debian", "_apt", "first.last"],
  },
  "connection.agentSocketPath": {
    read: within(
      connection.read,
      (agentSocketPath) => ({ ...reach, agentSocketPath }),
      (read) => read.agentSocketPath!,
    ),
    safe: /^\/[^\x00-\x1f\x7f]+$/,
    valid: ["/run/user/0/agent", "/tmp/ssh-a b/agent.1"],
  },
  "sysctls' value": {
    read: within(
      sysctls,
      (value) => ({ "net.core.somaxconn": value }),
      (read) => read["net.core.somaxconn"]!,
    ),
    safe: /^[!-~]+( [!-~]+)*$/,
    valid: ["1024", "4096 131072\t6291456"],
  },
  "sysctls' name": {
    read: within(
      sysctls,
      (key) => (typeof key === "string" ? { [key]: "1" } : key),
      (read) => Object.keys(read)[0]!,
    ),
    safe: /^[a-z]+(\.[A-Za-z0-9_-]+){1,8}$/,
    valid: ["net.core.somaxconn", "vm.swappiness", "net.ipv4.conf.br-0.rp_filter"],
  },
  password: {
    read: password,
    safe: /^[^\x00-\x1f\x7f:]{1,128}$/,
    valid: ["correct horse", "ü 🐧 $x'\""],
    secret: true,
  },
  passphrase: { read: passphrase, safe: /^[^\x00\r\n]{1,1024}$/, valid: ["sesame", "a:b\tc"], secret: true },
  privateKey: {
    read: privateKey,
    safe: /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\r\nA-Za-z0-9+/=:,\-\s]+-----END [A-Z0-9 ]*PRIVATE KEY-----\s*$/,
    valid: [pem, pem.replaceAll("\n", "\r\n")],
    secret: true,
  },
  "image.url": {
    read: within(
      image,
      (url) => ({ ...archive, url }),
      (read) => (read as TarballArgs).url!,
    ),
    safe: /^https:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~+%-]+)+$/,
    valid: ["https://images.example.org/web.tar.gz", "https://[2a01:4f8::1]:8443/x", "https://88.198.0.1/a/b"],
  },
  "image.path": {
    read: within(
      image,
      (path) => ({ ...archive, path, url: undefined }),
      (read) => (read as TarballArgs).path!,
    ),
    safe: /^(?!.*\/\.)(\/[A-Za-z0-9._+@%,=~-]+)+$/,
    valid: ["/srv/web.tar.gz", "/root/a,b=1@x"],
  },
  "image.sha256": {
    read: within(
      image,
      (sha256) => ({ ...archive, sha256 }),
      (read) => (read as TarballArgs).sha256,
    ),
    safe: /^[0-9a-f]{64}$/,
    valid: [archive.sha256, archive.sha256.toUpperCase()],
  },
  "image.keyring": {
    read: within(
      image,
      (keyring) => ({ ...source, keyring }),
      (read) => (read as DebootstrapArgs).keyring!,
    ),
    safe: /^(-----BEGIN PGP PUBLIC KEY BLOCK-----\n[A-Za-z0-9+/=:\n -]+\n-----END PGP PUBLIC KEY BLOCK-----\n|\/(?!proc|sys|dev|run)[A-Za-z0-9._+@%,=~/-]+)$/,
    valid: ["/usr/share/keyrings/debian-archive-keyring.gpg", keyBlock],
  },
};
