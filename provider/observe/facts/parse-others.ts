import { canonicalAddress } from "../../model/address";
import { parseRule } from "../../model/fact/rule";
import type { JsonEntry } from "../../model/read/json-entry";
import { factLines as lines } from "./fact-lines";
import type { Facts, FoundRoute, FoundSetting } from "./facts";

type Others = Pick<
  Facts,
  "handRoutes" | "linkRules" | "deadRules" | "answeringAll" | "managed" | "destinations" | "settings" | "bootAddresses"
>;

/** What others have put on the host, as the program wrote it; `indexes` are the numbers of links by name. */
export function parseOthers(
  text: (name: string) => string,
  routes: JsonEntry[],
  rules: JsonEntry[],
  indexes: Map<string, number>,
): Others {
  return {
    handRoutes: routes.filter((one) => [undefined, "boot"].includes(one.text("protocol"))).map(route),
    linkRules: lines(text("link-rules")).map(parseRule),
    deadRules: rules.flatMap(deadRule),
    answeringAll: lines(text("answers-all")).map(answering),
    managed: managed(text("networkd"), indexes),
    destinations: new Set(lines(text("destinations")).map((destination) => destination.replace(/\/(32|128)$/, ""))),
    settings: lines(text("others")).map(setting),
    bootAddresses: lines(text("boot-addresses")).map(bootAddress),
  };
}

function answering(line: string): Facts["answeringAll"][number] {
  const [, link = "", setting = ""] = /^\/proc\/sys\/net\/ipv4\/conf\/([^/]+)\/([a-z_]+):/.exec(line) ?? [];
  return { link, setting };
}

function route(of: JsonEntry): FoundRoute {
  const destination = of.needed("dst").replace(/\/(32|128)$/, "");
  return { destination, dev: of.text("dev") ?? "", type: of.text("type") ?? "unicast" };
}

/** Rules of one address that end its packets. */
function deadRule(rule: JsonEntry): { address: string; text: string }[] {
  const action = rule.text("action") ?? "";
  if (!["blackhole", "unreachable", "prohibit"].includes(action)) return [];
  const ends = [
    { word: "from", address: rule.text("src"), length: rule.number("srclen") },
    { word: "to", address: rule.text("dst"), length: rule.number("dstlen") },
  ];
  return ends.flatMap(({ word, address, length }) =>
    address === undefined || address === "all" || length !== undefined
      ? []
      : [{ address, text: `rule ${word} ${address} ${action}` }],
  );
}

/** networkd's own words on each link, in the files that sd-network(3) reads: state and file by the link's number. */
function managed(text: string, indexes: Map<string, number>): Facts["managed"] {
  const said = new Map<string, string>();
  for (const line of lines(text)) {
    const [, index = "", key = "", value = ""] = /\/(\d+):([A-Z_]+)=(.*)$/.exec(line) ?? [];
    said.set(`${index} ${key}`, value);
  }
  return new Map(
    [...indexes].map(([name, index]) => [
      name,
      { state: said.get(`${index} ADMIN_STATE`) ?? "", file: said.get(`${index} NETWORK_FILE`) ?? "" },
    ]),
  );
}

function setting(line: string): FoundSetting {
  const [path = "", section = "", key = "", value = ""] = line.split("\t");
  return { path, section, key, value };
}

/** The address is the last word; netplan has a length after it. */
function bootAddress(line: string): { path: string; address: string } {
  const at = line.indexOf(":");
  const word =
    line
      .slice(at + 1)
      .trim()
      .split(/\s+/)
      .at(-1) ?? "";
  const address = /^([0-9a-fA-F.:]{2,45})(\/\d{1,3})?$/.exec(word)?.[1] ?? "";
  return { path: line.slice(0, at), address: canonicalAddress(address) ?? address };
}
