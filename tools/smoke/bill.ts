import { ApiError, type CloudApi } from "./cloud-api";
import type { Order } from "./order";

/** One position of what a run costs, VAT included. Hetzner gives no hourly price for a floating address. */
export interface Position {
  what: string;
  hourly?: number;
  monthly?: number;
}

/** What a run costs, and in which currency; positions without numbers have no price in the API's answer. */
export interface Bill {
  currency: string;
  positions: Position[];
}

interface Price {
  location: string;
  price_hourly?: { gross: string };
  price_monthly?: { gross: string };
}

interface Priced {
  type: string;
  prices: Price[];
}

interface Pricing {
  currency: string;
  primary_ips?: Priced[];
  floating_ips?: Priced[];
}

function position(what: string, times: number, prices: Price[] | undefined, location: string): Position {
  const price = prices?.find((entry) => entry.location === location);
  const amount = (gross: string | undefined) => (gross === undefined ? undefined : times * Number(gross));
  return { what, hourly: amount(price?.price_hourly?.gross), monthly: amount(price?.price_monthly?.gross) };
}

async function pricing(api: CloudApi): Promise<Pricing | undefined> {
  try {
    return (await api.request<{ pricing: Pricing }>("GET", "/pricing")).pricing;
  } catch (error) {
    // A lab sells nothing.
    if (error instanceof ApiError && [404, 422].includes(error.status)) return undefined;
    throw error;
  }
}

/** Asks the API what the two servers and the two floating addresses of an order cost. */
export async function billOf(api: CloudApi, order: Order): Promise<Bill> {
  const name = encodeURIComponent(order.serverType);
  const [type] = await api.list<{ prices: Price[] }>(`/server_types?name=${name}`, "server_types");
  if (type === undefined)
    throw new Error(`there is no server type ${order.serverType}; give another one: --server-type`);
  const sold = await pricing(api);
  const of = (list: Priced[] | undefined, family: string) => list?.find((entry) => entry.type === family)?.prices;
  return {
    currency: sold?.currency ?? "EUR",
    positions: [
      position(`2 servers ${order.serverType} in ${order.location}`, 2, type.prices, order.location),
      position("2 IPv4 addresses of the servers", 2, of(sold?.primary_ips, "ipv4"), order.location),
      position("1 floating IPv4 address", 1, of(sold?.floating_ips, "ipv4"), order.location),
      position("1 floating IPv6 network", 1, of(sold?.floating_ips, "ipv6"), order.location),
    ],
  };
}
