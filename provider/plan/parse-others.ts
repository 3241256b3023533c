import { canonicalAddress } from "../model/address";
import type { Facts, FoundRoute, FoundSetting } from "./facts";

interface IpRoute {
  dst: string;
  dev?: string;
  type?: string;
  protocol?: string;
}
interface IpRule {
  src?: string;
  dst?: string;
  srclen?: number;
  dstlen?: number;
  action?: string;
}

type Others = Pick<
  Facts,
  "handRoutes" | "deadRules" | "answeringAll" | "managed" | "destinations" | "settings" | "bootAddresses"
>;

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** What others have put on the host, as the program wrote it; `indexes` are the numbers of links by name. */
export function parseOthers(
  text: (name: string) => string,
  routes: IpRoute[],
  rules: IpRule[],
  indexes: Map<string, number>,
): Others {
  return {
    handRoutes: routes.filter(({ protocol }) => protocol === undefined || protocol === "boot").map(route),
    deadRules: rules.flatMap(deadRule),
    answeringAll: lines(text("answers-all")).map((line) =>
      line.replace(/^\/proc\/sys\/net\/ipv4\/conf\/([^/]+)\/([a-z_]+):.*$/, "$1 $2"),
    ),
    managed: managed(text("networkd"), indexes),
    destinations: new Set(lines(text("destinations")).map((destination) => destination.replace(/\/(32|128)$/, ""))),
    settings: lines(text("others")).map(setting),
    bootAddresses: lines(text("boot-addresses")).map(bootAddress),
  };
}

function route({ dst, dev, type }: IpRoute): FoundRoute {
  return { destination: dst.replace(/\/(32|128)$/, ""), dev: dev ?? "", type: type ?? "unicast" };
}

/** Rules of one address that end its packets. */
function deadRule({ src, dst, srclen, dstlen, action }: IpRule): { address: string; text: string }[] {
  if (action === undefined || !["blackhole", "unreachable", "prohibit"].includes(action)) return [];
  const ends = [
    { word: "from", address: src, length: srclen },
    { word: "to", address: dst, length: dstlen },
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

function bootAddress(line: string): { path: string; address: string } {
  const at = line.indexOf(":");
  const address = /([0-9a-fA-F.:]+)(\/\d+)?$/.exec(line.slice(at + 1).trim())?.[1] ?? "";
  return { path: line.slice(0, at), address: canonicalAddress(address) ?? address };
}
