import { attempts } from "./attempt";

const archive = "machine of an archive";
const url = ["image", "url"];
const digits = "a".repeat(64);

const mirror = ["image", "mirror"];

/** Where a machine's tree comes from. */
export const images = attempts(
  ["machine", "image", "must be an object (got ", ["bookworm", 7, [], true]],
  ["machine", ["image", "kind"], "must be ", ["docker", "", "__proto__", ["debootstrap"]]],
  ["machine", ["image", "suite"], "must be the code name of a suite, such as trixie", [
    "", "book worm", "../sid", "--foreign", "-x", "Bookworm", "bookworm\n", "bookworm;id", "$(id)", "/etc", "1sid", "é",
  ]],
  ["machine", ["image", "suite"], "that name means another suite next year; write its code name", ["stable", "oldstable", "testing", "unstable"]],
  ["machine", ["image", "suite"], "is required", [undefined, null]],
  ["machine", ["image", "variant"], 'must be "minbase" or "buildd" or "standard"', ["big", "", "minbase --no-check-gpg", 1]],
  ["machine", mirror, "must be an http or https URL of a Debian mirror, without credentials, query or fragment", [
    "", "h", "http://", "ftp://h/", "file:///etc/shadow", "copy:/etc", "--output=x", "http://u:p@h/debian", "http://u@h/", "http://h/x;id", "http://h/$(id)", "http://h/a b", "http://h/?x", "http://h/#x", "http://h/../x",
    "http://h/./x", "http://h//x", "http://h:99999/", "http://h/\n", "http://h/\\x", "http://0x7f.1/", "http://010.0.0.1/", "http://127.1/", "http://2130706433/", "http://[::1", "http://[fe80::1%25eth0]/", "http://hé/", "HTTP://h/",
    "http://h/x'y", 'http://h/"', "http://h/`id`", "http://h/[trusted=yes]",
  ]],
  ["machine", mirror, "special-purpose range", ["http://169.254.169.254/debian", "http://0.0.0.0/", "http://[fe80::1]/debian", "http://[::]/"]],
  ["machine", mirror, "must have 300 characters at most", [`http://h/${"x".repeat(1 << 20)}`]],
  ["machine", ["image", "keyring"], "must be one armored PGP public key block, or the absolute path of a keyring on the host", [
    "", "x", "0xDEADBEEF", "keys.gpg", "~/keys.gpg", "/keys/../../etc/shadow", "/proc/self/environ", "/dev/zero", "/a b", "/a\n", "https://h/key.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----",
  ]],
  ["machine", ["image", "keyring"], "this is a private key, the public one is needed (got a private key)", ["-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----"]],
  ["machine", ["image", "sha256"], "is not an argument; ", [digits]],
  [archive, url, "must be an https URL of a file, without credentials, query or fragment", [
    "", "h", "http://h.example/x", "file:///etc/shadow", "ftp://h.example/x", "--output=x", "-K/etc/shadow", "https://u:p@h.example/x", "https://u@h.example/x", "https://h.example", "https://h.example/", "https://h.example/x;id",
    "https://h.example/$(id)", "https://h.example/a b", "https://h.example/x?y", "https://h.example/x#y", "https://h.example/../x", "https://h.example//x", "https://h.example:99999/x", "https://h.example/x\n", "https://h.example/x\0",
    "https://h.example/{a,b}", "https://h.example/[1-9]", "https://0x7f.1/x", "https://127.1/x", "https://010.0.0.1/x", "https://2130706433/x", "https://[fe80::1%25eth0]/x", "https://h\u00e9.example/x", "HTTPS://h.example/x", "https:/h.example/x",
    "https://h.example\\@evil.example/x", " https://h.example/x",
  ]],
  [archive, url, "must be at a public host (", [
    "https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/x", "https://10.0.0.1/x", "https://172.16.0.1/x", "https://192.168.1.1/x", "https://100.64.0.1/x", "https://0.0.0.0/x", "https://[::]/x", "https://[fd00::1]/x",
    "https://[fe80::1]/x", "https://[2002::1]/x", "https://localhost/x", "https://a.localhost/x", "https://h.local/x", "https://metadata.internal/x", "https://h/x", "https://172.31.1.1/x",
  ]],
  [archive, url, "is required, or path", [undefined, null]],
  [archive, url, "must be a text (got ", [7, ["https://h.example/x"]]],
  [archive, ["image", "path"], "cannot be given beside url; leave one out", ["/srv/web.tar.gz"]],
  [archive, ["image", "sha256"], "must be the SHA-256 sum of the archive, 64 hexadecimal digits", [
    "", "a".repeat(63), "a".repeat(65), `${digits} `, ` ${digits}`, `${digits}\n`, `sha256:${digits}`, `0x${digits}`, "g".repeat(64), `${digits}  web.tar.gz`,
  ]],
  [archive, ["image", "sha256"], "this has the length of an MD5 sum", ["a".repeat(32)]],
  [archive, ["image", "sha256"], "this has the length of a SHA-512 sum", ["a".repeat(128)]],
  [archive, ["image", "sha256"], "is required", [undefined, null]],
  [archive, ["image", "signature"], "must be an object (got ", ["x", true, []]],
  [archive, ["image", "signature"], "is required", [{ url: "https://h.example/x.sig" }], "image.signature.keyring"],
  [archive, ["image", "signature"], "is required, or url", [{ keyring: "/usr/share/keyrings/x.gpg" }], "image.signature.text"],
  [archive, ["image", "signature"], "must be at a public host (10.0.0.1 is a private address)", [{ keyring: "/usr/share/keyrings/x.gpg", url: "https://10.0.0.1/x.sig" }], "image.signature.url"],
  [archive, ["image", "signature"], "must be one armored PGP signature", [{ keyring: "/usr/share/keyrings/x.gpg", text: "x" }], "image.signature.text"],
  [archive, ["image", "allowPrivate"], "must be true or false", ["yes", 1]],
  [archive, ["image", "suite"], "is not an argument; allowed are kind, url, path, ", ["bookworm"]],
  [archive, "image", "must be the absolute path of a file on the host", [
    "", "web.tar", "~/web.tar", "./web.tar", "/", "/srv/", "/srv/../etc/shadow", "/srv/./x", "/srv//x", "/srv/.x", "/a b", "/a\n[Exec]", "/a\0", "/a:b", "/a;id", "/$(id)", "-", "https://h.example/x",
  ].map((path) => ({ kind: "tarball", path, sha256: digits })), "image.path"],
  [archive, "image", "what is in /proc, /sys, /dev and /run is no file to keep", ["/proc/1/root/x", "/sys/x", "/dev/zero", "/run/systemd/x"].map((path) => ({ kind: "tarball", path, sha256: digits })), "image.path"],
); // prettier-ignore
