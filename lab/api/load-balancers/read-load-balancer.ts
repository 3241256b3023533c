import { findLocation } from "../catalog/find-location";
import type { LoadBalancerType } from "../catalog/load-balancer-type";
import { findLoadBalancerType } from "../catalog/load-balancer-types";
import type { Location } from "../catalog/location";
import { locations, networkZones } from "../catalog/locations";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { NetworkRecord } from "../records/network-record";
import { NAME } from "../shared/name-length";
import { readLabels } from "../shared/read-labels";
import type { World } from "../world";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import { readAlgorithm } from "./read-algorithm";
import { readNewService } from "./read-service";
import { readTarget } from "./read-target";

export type LoadBalancerOrder = Pick<
  LoadBalancerRecord,
  "name" | "algorithm" | "services" | "targets" | "labels" | "publicInterface"
> & { type: LoadBalancerType; location: Location; network: NetworkRecord | undefined };

/** Reads and checks `POST /load_balancers`; every problem in one answer. */
export function readLoadBalancer(call: Call, world: World): LoadBalancerOrder {
  const fields = new Fields(call.body);
  const order = {
    name: fields.required("name", { max: NAME }),
    type: readType(fields),
    location: readLocation(fields),
    algorithm: fields.has("algorithm") ? readAlgorithm(fields, "algorithm") : "round_robin",
    network: readNetwork(fields, world),
    publicInterface: fields.boolean("public_interface") ?? true,
    services: readEach(fields, "services", (inner) => readNewService(inner, world)),
    targets: readEach(fields, "targets", readTarget),
    labels: readLabels(fields) ?? {},
  };
  fields.check();
  return order as LoadBalancerOrder;
}

export function readType(fields: Fields): LoadBalancerType | undefined {
  fields.require("load_balancer_type");
  const wanted = fields.reference("load_balancer_type");
  const type = findLoadBalancerType(wanted);
  if (!type && wanted !== undefined) fields.reject("load_balancer_type", `'${wanted}' is unknown`);
  return type;
}

/** Of a network zone, the first location is taken. */
function readLocation(fields: Fields): Location | undefined {
  const [place, zone] = [fields.reference("location"), fields.string("network_zone")];
  const one = findLocation(place);
  if (place !== undefined && !one) fields.reject("location", `'${place}' is unknown`);
  if (zone !== undefined && !networkZones.includes(zone)) fields.reject("network_zone", `'${zone}' is unknown`);
  const both = fields.has("location") && fields.has("network_zone");
  const none = !fields.has("location") && !fields.has("network_zone");
  if (both || none) fields.reject("location", "either location or network_zone has to be given");
  return one ?? locations.find(({ network_zone }) => network_zone === zone);
}

function readNetwork(fields: Fields, { state }: World): NetworkRecord | undefined {
  const id = fields.integer("network");
  const network = state.networks.find((candidate) => candidate.id === id);
  if (id !== undefined && !network) fields.reject("network", `network ${id} not found`);
  return network;
}

function readEach<T>(fields: Fields, name: string, read: (inner: Fields) => T): T[] {
  return fields.objects(name).map((entry, index) => {
    const inner = new Fields(entry);
    const value = read(inner);
    fields.adopt(`${name}.${index}`, inner);
    return value;
  });
}
