import type { Bill, Position } from "./bill";

// The shortest month: nobody is told too little.
const hoursOfMonth = 28 * 24;

const hourly = ({ hourly: hour, monthly }: Position): number | undefined =>
  hour ?? (monthly === undefined ? undefined : monthly / hoursOfMonth);

function line(position: Position, currency: string): string {
  const price = hourly(position);
  const month = position.monthly === undefined ? "" : ` (${position.monthly.toFixed(2)} ${currency} a month)`;
  const text = price === undefined ? "the API gives no price" : `${price.toFixed(4)} ${currency} an hour${month}`;
  return `  ${position.what.padEnd(34)} ${text}`;
}

/** What a run costs, for the person who pays. */
export function printBill({ positions, currency }: Bill): string {
  const known = positions.map(hourly).filter((price) => price !== undefined);
  const sum = known.reduce((total, price) => total + price, 0);
  const floating = positions.filter((position) => position.hourly === undefined);
  const months = floating.reduce((total, { monthly = 0 }) => total + monthly, 0);
  const missing = known.length < positions.length ? ", and what the API gives no price for" : "";
  return [
    ...positions.map((position) => line(position, currency)),
    `Together about ${sum.toFixed(4)} ${currency}${missing}, VAT included: a run takes about 10 minutes, and each hour that is begun is charged.`,
    ...(months > 0
      ? [
          `Where only a monthly price is given it is divided by ${hoursOfMonth} hours; more than the whole month, ${months.toFixed(2)} ${currency}, it cannot be.`,
        ]
      : []),
  ].join("\n");
}
