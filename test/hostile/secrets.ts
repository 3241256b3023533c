import { attempts } from "./attempt";
import { pem } from "./base";

/** Stands in every secret value; no message may hold it. */
export const canary = "CANARY4711";

const hidden = "(value hidden)";

/** Secrets: neither the value nor, where the engine would print it, the property is named. */
export const secrets = attempts(
  ["machine", "rootPassword", hidden, [
    "", "a:b", `${canary}:`, `${canary}\n`, `${canary}\0`, `${canary}\u007f`, `${canary}\ud800`, canary.repeat(100_000), `Calling [toString] on an [Output<T>] ${canary}`,
    12345, true, [canary], { [canary]: canary },
  ], "rootPassword.value"],
  ["machine", "rootPassword", "must be an absolute path, or begin with ~/", [{ file: "" }, { file: "secrets/web" }, { file: "../web" }, { file: "~" }, { file: "~root/web" }, { file: "/run/secrets/" }, { file: "/a\nb" }, { file: "/a\0b" }], "rootPasswordFile"],
  ["machine", "rootPassword", "this is a private key, its path is needed", [{ file: `${pem}${canary}` }], "rootPasswordFile"],
  ["machine", "rootPassword", "must be a text", [{ file: 7 }, { file: ["/run/secrets/web"] }, { file: null }], "rootPasswordFile"],
  ["machine", "rootPassword", "cannot be used: ENOENT", [{ file: "/nowhere/web" }], "rootPasswordFile"],
  ["machine", "rootPassword", "it is not a regular file", [{ file: "/dev/null" }, { file: "/dev/zero" }, { file: "/tmp" }], "rootPasswordFile"],
  ["machine", "rootPassword", "give rootPassword or rootPasswordFile, not both", [{ file: "/nowhere/web", text: canary }, { file: "/nowhere/web", text: "" }], "rootPasswordFile"],
  ["machine", ["connection", "privateKeyPasswordFile"], "must be an absolute path, or begin with ~/", ["", "secrets/web", "~root/web", "/run/secrets/", "/a\nb"]],
  ["host", "credentials", hidden, [canary, 7, [canary]], "credentials.value"],
  ["host", ["credentials", "privateKey"], "must be one private key, from its BEGIN line to its END line", [
    "", canary, `${pem}${canary}`, `~/.ssh/${canary}`, `/root/${canary}`, `ssh-ed25519 ${canary}`, `-----BEGIN PRIVATE KEY-----\n${canary}`, `${pem}\n${pem}`,
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${canary}\u0000\n-----END OPENSSH PRIVATE KEY-----\n`, `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END RSA PRIVATE KEY-----\n`,
  ]],
  ["host", ["credentials", "privateKey"], hidden, [7, [canary], { canary }, `${pem}${canary.repeat(10_000)}`]],
  ["host", ["credentials", "privateKeyPassword"], hidden, ["", `${canary}\n`, `${canary}\0`, 7, canary.repeat(1000)]],
  ["host", ["credentials", "proxy"], hidden, [canary, [canary]]],
  ["host", ["credentials", "proxy"], hidden, [{ privateKey: canary }], "credentials.proxy.privateKey"],
  ["host", ["credentials", "privatekey"], 'is not an argument; did you mean "privateKey"?', [canary, pem]],
  ["host", "rotation", hidden, [canary], "rotation.value"],
  ["host", ["rotation", "privateKey"], hidden, [canary, 7]],
  ["host", "rotation", "bootHostKey and rotation go together", [undefined], "rotation.value"],
  ["host", "rotatoin", 'is not an argument; did you mean "rotation"?', [{ privateKey: canary }], "rotatoin.value"],
  ["host", "privateKey", "is not an argument; ", [canary], "privateKey.value"],
  ["machine", "rootpassword", 'is not an argument; did you mean "rootPassword"?', [canary], "rootpassword.value"],
); // prettier-ignore
