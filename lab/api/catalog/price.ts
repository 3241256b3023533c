/** Euros. */
export interface Amount {
  net: string;
  gross: string;
}

/** What something costs in one location. */
export interface Price {
  location: string;
  price_hourly: Amount;
  price_monthly: Amount;
  /** Bytes. */
  included_traffic: number;
  price_per_tb_traffic: Amount;
}

/** Per cent, by which gross and net differ. */
export const VAT = 19;

/** Prices have the right shape and are not an offer. */
export function price(location: string, monthly: number): Price {
  return {
    location,
    price_hourly: amount(monthly / 624),
    price_monthly: amount(monthly),
    included_traffic: 21990232555520,
    price_per_tb_traffic: amount(1),
  };
}

export function amount(net: number): Amount {
  return { net: net.toFixed(10), gross: (net * (1 + VAT / 100)).toFixed(10) };
}
