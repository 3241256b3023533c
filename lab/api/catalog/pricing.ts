import { loadBalancerTypes } from "./load-balancer-types";
import { locations } from "./locations";
import { VAT, amount, price } from "./price";
import { serverTypes } from "./server-types";

/** Euros of a month. */
const PRIMARY = { ipv4: 0.5, ipv6: 0 };
const FLOATING = { ipv4: 3, ipv6: 1 };
const GB_OF_IMAGE = 0.011;
const GB_OF_VOLUME = 0.044;

const families = ["ipv4", "ipv6"] as const;
const offer = ({ id, name, prices }: { id: number; name: string; prices: unknown[] }): object => ({ id, name, prices });

/** `GET /pricing`: the catalogue's prices in one answer. */
export const pricing = {
  currency: "EUR",
  vat_rate: VAT.toFixed(2),
  image: { price_per_gb_month: amount(GB_OF_IMAGE) },
  volume: { price_per_gb_month: amount(GB_OF_VOLUME) },
  floating_ip: { price_monthly: amount(FLOATING.ipv4) },
  floating_ips: families.map((type) => ({
    type,
    prices: locations.map(({ name }) => ({ location: name, price_monthly: amount(FLOATING[type]) })),
  })),
  primary_ips: families.map((type) => ({
    type,
    prices: locations.map(({ name }) => {
      const { location, price_hourly, price_monthly } = price(name, PRIMARY[type]);
      return { location, price_hourly, price_monthly };
    }),
  })),
  server_backup: { percentage: "20.00" },
  server_types: serverTypes.map(offer),
  load_balancer_types: loadBalancerTypes.map(offer),
};
