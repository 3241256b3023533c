import { hostKeyText } from "../support/sample";
import { attempts } from "./attempt";
import { pem } from "./base";

const [type = "", blob = ""] = hostKeyText.split(" ");
const host = ["connection", "host"];
const key = ["connection", "hostKeys", 0];

/** How a host is reached, and which keys are trusted. */
export const access = attempts(
  ["host", host, "must be a host name or an address, without user, port, scheme or brackets", [
    "", "-oProxyCommand=id", "-a", "a b", "http://h", "h:22", "root@h", "a;id", "$(id)", "`id`", "h\n", "h\0", "010.0.0.1", "0x7f.1", "127.1", "2130706433",
    "1.2.3.0x4", "0x7f000001", "h.1", "h.0x1", "[2001:db8::1]", "fe80::1%eth0", "::ffff:1.2.3.4", "a..b", ".h", "h_1", "hé", "１.2.3.4", "../h", "h/x", "*",
  ]],
  ["host", host, "nothing can be reached at this address", ["0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "ff02::1"]],
  ["host", host, "must have 253 characters at most, not 254", ["x".repeat(254)]],
  ["host", ["connection", "proxy"], "must be a host name or an address", [{ host: "h;id", hostKeys: [hostKeyText] }], "connection.proxy.host"],
  ["host", ["connection", "proxy"], "needs at least one public host key", [{ host: "h", hostKeys: [] }], "connection.proxy.hostKeys"],
  ["host", ["connection", "agentSocketPath"], "must be an absolute path", ["", "/", "agent.sock", "~/agent", "./agent", "/a\n[Exec]", "/a\0", "/a\u2028"]],
  ["host", ["connection", "hostKeys"], "needs at least one public host key; or set acceptNewHostKey", [undefined, null, []]],
  ["host", key, "this is a fingerprint, the whole key is needed", [
    "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
  ]],
  ["host", key, "one key, on one line", [`${hostKeyText}\n${hostKeyText}`, `${hostKeyText}\nssh-dss AAAA`]],
  ["host", key, "this is a private key, the public one is needed", [pem]],
  ["host", key, "keys are of type ssh-ed25519", ["ssh-dss AAAAB3NzaC1kc3M=", `ssh-xmss ${blob}`]],
  ["host", key, "must be one public key in OpenSSH's form", ["", type, `${type} AAAA!`, `203.0.113.2 ${hostKeyText}`, `@cert-authority * ${hostKeyText}`, `${type}\t${blob}`, `${hostKeyText} a\u0007`]],
  ["host", key, "its data is damaged or of another type", [`ssh-rsa ${blob}`, `ecdsa-sha2-nistp256 ${blob}`]],
  ["host", key, "its second word is not the base64 text of a key", [`${type} AAA`, `${type} ${blob}=`]],
  ["host", key, "its data is damaged", [`${type} ${blob.slice(0, -8)}`, `${type} AAAAC3NzaC1lZDI1NTE5`]],
  ["host", "bootHostKey", "must be one public key in OpenSSH's form", ["", "x y z"]],
  ["machine", ["authorizedKeys", 0], "must be one line of authorized_keys", [
    "", "ssh-dss AAAAB3NzaC1kc3M=", "x", `command="x\u0007" ${hostKeyText}`, `command="x ${hostKeyText}`, `${hostKeyText} a\u2028b`, `${hostKeyText} a\u202eb`, `# ${hostKeyText}`, `${hostKeyText}\0`,
  ]],
  ["machine", ["authorizedKeys", 0], "one key, on one line", [`${hostKeyText}\n${hostKeyText}`, `${hostKeyText}\r\nssh-ed25519 AAAA`]],
  ["machine", ["authorizedKeys", 0], "this is a private key, the public one is needed", [pem, "-----BEGIN OPENSSH PRIVATE KEY-----"]],
  ["machine", ["authorizedKeys", 0], "must have 8192 characters at most", [`${hostKeyText} ${"x".repeat(1 << 20)}`]],
  ["machine", ["authorizedKeys"], "is listed twice, first at [0]", [[hostKeyText, hostKeyText]], "authorizedKeys[1]"],
); // prettier-ignore
