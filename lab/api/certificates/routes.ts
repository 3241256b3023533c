import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import { type Collection, collectionAction, collectionRoutes } from "../shared/collection";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import type { CertificateRecord } from "../records/certificate-record";
import { readCertificate } from "./read-certificate";

/** Certificates are state only: nobody presents them, and managed ones are issued by nobody. */
const certificates: Collection<CertificateRecord> = {
  plural: "certificates",
  singular: "certificate",
  rows: (state) => state.certificates,
  view: (world, row) => ({
    id: row.id,
    name: row.name,
    labels: row.labels,
    type: row.type,
    certificate: row.certificate,
    created: row.created,
    not_valid_before: row.notValidBefore,
    not_valid_after: row.notValidAfter,
    domain_names: row.domainNames,
    fingerprint: row.fingerprint,
    status: row.type === "managed" ? { issuance: "completed", renewal: "scheduled", error: null } : null,
    used_by: users(world, row).map(({ id }) => ({ id, type: "load_balancer" })),
  }),
  create,
  release: (world, row) => {
    if (users(world, row).length > 0) throw new ApiError(500, "service_error", "certificate still in use");
  },
};

export const certificateRoutes: Route[] = [
  ...collectionRoutes(certificates),
  collectionAction(certificates, "retry", () => {
    throw new ApiError(422, "unsupported_error", "no issuance of this certificate has failed");
  }),
];

/** The load balancers that are to present it. */
function users({ state }: World, { id }: CertificateRecord): LoadBalancerRecord[] {
  return state.loadBalancers.filter(({ services }) => services.some(({ http }) => http?.certificates.includes(id)));
}

function create(call: Call, world: World): Reply {
  const order = readCertificate(call);
  requireUnique(world.state.certificates, order.name);
  const row: CertificateRecord = { id: world.store.newId(), ...order, created: world.now() };
  world.state.certificates.push(row);
  const resources = [{ id: row.id, type: "certificate" }];
  const action =
    row.type === "managed" ? world.actions.start({ command: "create_certificate", resources }, call.actionFault) : null;
  const body = { certificate: certificates.view(world, row), action: action && actionView(action) };
  return { status: 201, body };
}
