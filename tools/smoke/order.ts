/** What a smoke run makes, and how it is recognized afterwards. */
export interface Order {
  /** Names everything of this run; part of every label and server name. */
  id: string;
  serverType: string;
  location: string;
  image: string;
}

/** The label of everything that a run makes, and of nothing else. */
export const labelKey = "pulumi-nspawn-smoke";

export function labelSelector(order: Order): string {
  return `${labelKey}=${order.id}`;
}
