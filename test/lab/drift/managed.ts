import type { State, StateResource } from "../../support/harness";

/** One thing that a resource of the stack manages on a host, as its state says. */
export interface Managed {
  /** The end of its URN: `NspawnMachine::web`. */
  resource: string;
  /** Of the lab: where it is. */
  host: string;
  /** `files`, `boot units`, `live routes`: the layer, and of facts their name. */
  what: string;
  /** A path, a line of a list, or the name of what has a value. */
  item: string;
  /** The bridge, of a bridge's. */
  bridge: string;
}

type Fact = string | string[] | Record<string, string>;

const facts = (layer: string, of: Record<string, Fact> = {}): Pick<Managed, "what" | "item">[] =>
  Object.entries(of).flatMap(([name, fact]) => {
    const items = typeof fact === "string" ? [fact] : Array.isArray(fact) ? fact : Object.keys(fact);
    return items.map((item) => ({ what: `${layer} ${name}`, item }));
  });

const paths = (what: string, of: Record<string, string> = {}): Pick<Managed, "what" | "item">[] =>
  Object.keys(of).map((item) => ({ what, item }));

/** How Pulumi's state marks what it has encrypted. */
const encrypted = "4dabf18193072939515e22adb298388d";

const secrets = (of: Record<string, string> = {}): Pick<Managed, "what" | "item">[] =>
  encrypted in of ? [{ what: "secretFiles", item: "(encrypted)" }] : paths("secretFiles", of);

function managedBy({ urn, inputs = {} }: StateResource): Managed[] {
  const [type = "", name = ""] = urn.split("::").slice(-2);
  const kind = type.split(":").at(-1) ?? "";
  const host = kind === "NspawnHost" ? name : (String(inputs.host?.id).split("/").at(-1) ?? "");
  return [
    ...paths("files", inputs.files),
    ...secrets(inputs.secretFiles),
    ...facts("boot", inputs.boot),
    ...facts("live", inputs.live),
  ].map((each) => ({ resource: `${kind}::${name}`, host, bridge: String(inputs.bridge ?? ""), ...each }));
}

/** All that the stack's resources manage. */
export const managedIn = ({ deployment }: State): Managed[] =>
  (deployment.resources ?? [])
    .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/nspawn:"))
    .flatMap(managedBy);
