import { attempts } from "./attempt";

const mirror = ["image", "mirror"];

/** Where a machine's tree comes from. */
export const images = attempts(
  ["machine", "image", "must be an object (got ", ["bookworm", 7, [], true]],
  ["machine", ["image", "kind"], "must be ", ["docker", "", "__proto__", ["debootstrap"]]],
  ["machine", ["image", "suite"], "must be the code name of a suite, such as bookworm", [
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
); // prettier-ignore
