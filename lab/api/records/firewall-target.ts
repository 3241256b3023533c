/** What a firewall is applied to. */
export type FirewallTarget =
  { type: "server"; server: { id: number } } | { type: "label_selector"; label_selector: { selector: string } };
