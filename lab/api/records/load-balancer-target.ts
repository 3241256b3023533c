/** What a load balancer forwards to. */
export type LoadBalancerTarget =
  | { type: "server"; server: { id: number }; use_private_ip: boolean }
  | { type: "label_selector"; label_selector: { selector: string }; use_private_ip: boolean }
  | { type: "ip"; ip: { ip: string } };

/** Two targets are the same when they mean the same servers, whichever of their addresses is used. */
export function targetKey(target: LoadBalancerTarget): string {
  switch (target.type) {
    case "server":
      return `server ${target.server.id}`;
    case "label_selector":
      return `label_selector ${target.label_selector.selector}`;
    case "ip":
      return `ip ${target.ip.ip}`;
  }
}
