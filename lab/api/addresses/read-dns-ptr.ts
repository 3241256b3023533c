import { Address6 } from "ip-address";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { PublicIp } from "../records/public-ip";

interface Change {
  /** Sets the entry, or takes it away when the request gave null. */
  apply: () => void;
}

const HOST = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i;

/** Reads `{ip, dns_ptr}` and finds the address among the candidates. */
export function readDnsPtr(call: Call, candidates: PublicIp[]): Change {
  const fields = new Fields(call.body);
  const ip = canonical(fields.required("ip"));
  const name = fields.has("dns_ptr") ? fields.required("dns_ptr") : null;
  if (!("dns_ptr" in call.body)) fields.reject("dns_ptr", "missing data for required field");
  if (name !== null && !HOST.test(name)) fields.reject("dns_ptr", `is not a host name: '${name}'`);
  const target = candidates.find((candidate) => owns(candidate, ip));
  if (!target) fields.reject("ip", `'${ip}' does not belong to this resource`);
  fields.check();
  return {
    apply: () => {
      if (!target) return;
      target.dnsPtr = target.dnsPtr.filter((entry) => entry.ip !== ip);
      if (name !== null) target.dnsPtr.push({ ip, dns_ptr: name });
    },
  };
}

function canonical(ip: string): string {
  return Address6.isValid(ip) && !ip.includes("/") ? new Address6(ip).correctForm() : ip;
}

function owns(address: PublicIp, ip: string): boolean {
  if (address.type === "ipv4") return address.ip === ip;
  return Address6.isValid(ip) && !ip.includes("/") && new Address6(ip).isInSubnet(new Address6(address.ip));
}
