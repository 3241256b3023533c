import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Backend } from "../backend";
import { ActionRunner } from "./actions/action-runner";
import { actionRoutes } from "./action-routes";
import { type ApiOptions, defaultOptions } from "./api-options";
import { certificateRoutes } from "./certificates/routes";
import { catalogRoutes } from "./catalog-routes";
import { controlRoutes } from "./control/control-routes";
import { Faults } from "./control/faults";
import { RequestLog } from "./control/request-log";
import { firewallRoutes } from "./firewalls/routes";
import { floatingIpRoutes } from "./floating-ips/routes";
import { Handler } from "./handler";
import { RateLimit } from "./http/rate-limit";
import type { Route } from "./routing/route";
import { Router } from "./routing/router";
import type { LabApi } from "./lab-api";
import { imageRoutes } from "./images/routes";
import { loadBalancerRoutes } from "./load-balancers/routes";
import { networkRoutes } from "./networks/routes";
import { placementGroupRoutes } from "./placement-groups/routes";
import { primaryIpRoutes } from "./primary-ips/routes";
import { serverActionRoutes } from "./servers/action-routes";
import { serverRoutes } from "./servers/routes";
import { sshKeyRoutes } from "./ssh-keys/routes";
import { resumeActions } from "./resume-actions";
import { rrsetRoutes } from "./zones/rrset-routes";
import { zoneRoutes } from "./zones/routes";
import { volumeRoutes } from "./volumes/routes";
import { Store } from "./state/store";
import type { World } from "./world";

interface Setup {
  backend: Backend;
  /** File that the state is kept in; without it the state ends with the process. */
  statePath?: string;
  options: Pick<ApiOptions, "token"> & Partial<ApiOptions>;
}

const routes: Route[] = [
  ...actionRoutes,
  ...catalogRoutes,
  ...sshKeyRoutes,
  ...serverRoutes,
  ...serverActionRoutes,
  ...floatingIpRoutes,
  ...primaryIpRoutes,
  ...firewallRoutes,
  ...networkRoutes,
  ...placementGroupRoutes,
  ...volumeRoutes,
  ...certificateRoutes,
  ...zoneRoutes,
  ...rrsetRoutes,
  ...loadBalancerRoutes,
  ...imageRoutes,
];

/** Hetzner's API over a backend. Throws when the token has not 64 characters, or the state file is of another version. */
export function createApi({ backend, statePath, options: given }: Setup): LabApi {
  const options: ApiOptions = { ...defaultOptions, ...given };
  if (options.token.length !== 64) throw new Error(`the token has ${options.token.length} characters, it needs 64`);
  const store = new Store(statePath);
  const actions = new ActionRunner(store, options);
  const now = (): string => options.clock.now().toISOString();
  const world: World = { store, state: store.state, actions, backend, options, now };
  const control = { faults: new Faults(), log: new RequestLog(), rateLimit: new RateLimit(options) };
  const router = new Router([...prefixed("/v1", routes), ...prefixed("/_lab", controlRoutes(control))]);
  const handler = new Handler(world, router, control);
  const server = createHttpServer((request, response) => void handler.handle(request, response));
  // Longer than clients keep a connection (Go: 90 s), so that none sends into one that we are closing.
  server.keepAliveTimeout = 120_000;
  return {
    listen: async (host, port) => {
      await resumeActions(world);
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, resolve);
      });
      const bound = (server.address() as AddressInfo).port;
      return { host, port: bound, endpoint: `http://${host}:${bound}/v1` };
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await actions.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function prefixed(prefix: string, list: Route[]): Route[] {
  return list.map((route) => ({ ...route, path: prefix + route.path }));
}
