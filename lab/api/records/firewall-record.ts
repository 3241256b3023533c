import type { FirewallRule } from "./firewall-rule";
import type { FirewallTarget } from "./firewall-target";

export interface FirewallRecord {
  id: number;
  name: string;
  rules: FirewallRule[];
  appliedTo: FirewallTarget[];
  labels: Record<string, string>;
  created: string;
}
