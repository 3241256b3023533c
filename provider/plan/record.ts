import type { Desired } from "../model/desired";
import { factAs } from "../model/fact/fact-as";

/** What the host remembers of a resource: whose it is, and what `read` has to look for. */
interface RecordOf {
  owner: string;
  /** `bridge/br0`: the same thing for every owner. */
  object: string;
  urn: string;
  machine?: string;
  /** Paths beside those of the files and links that are wanted. */
  paths?: string[];
  uplink?: string;
  /** Whose keys it writes. */
  login?: string;
  /** Of machines, and floating ones. */
  addresses?: string[];
  /** Of machines: what is routed into them. */
  subnets?: string[];
  /** What a machine's tree was made of: the image's name on the host. */
  image?: string;
  /** The image that it is. */
  publishes?: string;
  /** Kernel settings that it raises. */
  limits?: string[];
  /** Paths of files that the host makes for itself: what `read` asks for is sent, and these are not. */
  secrets?: string[];
}

const named = (fact: Parameters<typeof factAs.named>[0]): string[] => Object.keys(factAs.named(fact));

/** Words that stand there once, if at all. */
const single = ["machine", "uplink", "login", "image", "publishes"] as const;

/** The record as lines of two tab-separated words, sorted where order means nothing. */
export function recordText(of: RecordOf, desired: Desired): string {
  const paths = [...Object.keys(desired.files), ...named(desired.boot.links), ...(of.paths ?? [])];
  const units = [...named(desired.boot.units), ...named(desired.live.units)];
  const lines = (word: string, values: string[]): string[] =>
    [...new Set(values)].sort().map((value) => `${word}\t${value}`);
  return [
    `owner\t${of.owner}`,
    `object\t${of.object}`,
    `urn\t${of.urn === "" ? "-" : of.urn}`,
    ...single.flatMap((word) => (of[word] === undefined ? [] : [`${word}\t${of[word]}`])),
    ...lines("address", of.addresses ?? []),
    ...lines("subnet", of.subnets ?? []),
    ...lines("limit", of.limits ?? []),
    ...lines("file", paths),
    ...lines("secret", of.secrets ?? []),
    ...lines("unit", units),
    ...lines("package", named(desired.boot.packages)),
    ...lines("sysctl", named(desired.live.sysctls)),
    "",
  ].join("\n");
}
