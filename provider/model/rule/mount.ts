import type { BindSettings } from "../container-args";
import { object, optional, required } from "../read/object";
import { oneOf } from "../read/scalar";
import { text } from "../read/text";

/** Absolute, in canonical form, of characters that mean nothing to systemd.nspawn(5). */
const PATH = /^(?:\/[A-Za-z0-9_@+.-]+)+$/;
const isPlain = (value: string): boolean => PATH.test(value) && !/\/\.{1,2}(\/|$)/.test(value);

/** Folders of a host that hold data and nothing that the host itself is made of. */
export const dataRoots: readonly string[] = ["/data", "/home", "/media", "/mnt", "/opt", "/srv"];

const plain = "an absolute path of letters, digits and `_@+.-`, without `..` and without `:`";

const source = text({
  allowed: `be ${plain}, below ${dataRoots.join(", ")}`,
  test: (value) => {
    if (!isPlain(value)) return false;
    return dataRoots.some((root) => value.startsWith(`${root}/`)) || "it is outside of these folders";
  },
});

/** The system's own folders, which systemd-nspawn makes or the guest boots from. */
const SYSTEM =
  /^\/((proc|sys|dev|run)(\/.*)?|bin|boot|etc|etc\/systemd(\/.*)?|lib|lib32|lib64|libx32|root|sbin|tmp|usr|var|var\/lib)$/;

/** Where something is mounted inside a machine. */
export const target = text({
  allowed: `be ${plain}`,
  test: (value) => {
    if (!isPlain(value)) return false;
    return SYSTEM.test(value) ? "the machine's own system is there" : true;
  },
});

const others = {
  idmap: "with it the machine's root writes files of the host's root, setuid ones too",
  noidmap: "leave it out",
};

export const bind = object<BindSettings>({
  source: required(source),
  target: optional(target),
  map: optional(oneOf(["rootidmap"], others)),
});
