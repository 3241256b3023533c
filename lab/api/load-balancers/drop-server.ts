import type { State } from "../state/state";
import type { LoadBalancerTarget } from "../records/load-balancer-target";

/** Takes a server out of the targets that name it; with a network, only where it is forwarded to in that one. */
export function dropServer(state: State, server: number, network?: number): void {
  for (const balancer of state.loadBalancers) {
    if (network !== undefined && balancer.privateNet?.network !== network) continue;
    const isGone = (target: LoadBalancerTarget): boolean =>
      target.type === "server" && target.server.id === server && (network === undefined || target.use_private_ip);
    balancer.targets = balancer.targets.filter((target) => !isGone(target));
  }
}
