import { Address4, Address6 } from "ip-address";
import { Fields } from "../http/fields";
import { matchesSelector } from "../http/label-selector";
import type { LoadBalancerTarget } from "../records/load-balancer-target";

/** A target; undefined, with the problems noted among its fields, when it is none. */
export function readTarget(fields: Fields): LoadBalancerTarget | undefined {
  fields.require("type");
  const type = fields.oneOf("type", ["server", "label_selector", "ip"] as const);
  const use_private_ip = fields.boolean("use_private_ip") ?? false;
  const id = readPart(fields, "server", "id", (inner) => inner.integer("id", { min: 1 }));
  const selector = readPart(fields, "label_selector", "selector", readSelector);
  const ip = readPart(fields, "ip", "ip", readIp);
  if (type === undefined) return undefined;
  fields.require(type);
  if (type === "ip" && use_private_ip) fields.reject("use_private_ip", "is for servers and label selectors only");
  const targets = {
    server: { type: "server", server: { id: id ?? 0 }, use_private_ip },
    label_selector: { type: "label_selector", label_selector: { selector: selector ?? "" }, use_private_ip },
    ip: { type: "ip", ip: { ip: ip ?? "" } },
  } as const;
  return targets[type];
}

/** The one value of an object among the fields. */
function readPart<T>(fields: Fields, name: string, field: string, read: (inner: Fields) => T): T | undefined {
  if (!fields.has(name)) return undefined;
  const inner = new Fields(fields.object(name));
  inner.require(field);
  const value = read(inner);
  fields.adopt(name, inner);
  return value;
}

function readSelector(fields: Fields): string | undefined {
  const selector = fields.string("selector");
  if (selector === undefined || matchesSelector(selector)) return selector;
  fields.reject("selector", `cannot be parsed: '${selector}'`);
  return undefined;
}

function readIp(fields: Fields): string | undefined {
  const text = fields.string("ip");
  if (text === undefined) return undefined;
  if (Address4.isValid(text) && !text.includes("/")) return new Address4(text).correctForm();
  if (Address6.isValid(text) && !text.includes("/")) return new Address6(text).correctForm();
  fields.reject("ip", `is not an IP address: '${text}'`);
  return undefined;
}
