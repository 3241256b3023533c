import { notOurs } from "../../provider/errors";
import { knownMode } from "../../provider/model/known-mode";
import { firstInterface } from "../../provider/model/plugged";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { parsePath } from "../../provider/observe/path/parse-path";
import { planDiagnosis, type Diagnosed } from "../../provider/plan/plan-diagnosis";
import { rawFacts } from "../../provider/remote/raw-facts";
import { Session } from "../../provider/remote/session";
import { targetOf } from "../../provider/remote/target-of";
import type { Machine, Tunnel } from "../stack/machines";
import type { Found } from "./found";
import { routedTo } from "./route-hops";

/** Seconds in which connecting is repeated. */
const patience = 20;

/** Looks at a host and its machines over one connection. Errors have a code of the library's table. */
export async function look(machines: Machine[], configuredKey: string | undefined): Promise<Found> {
  const [first] = machines;
  if (first === undefined) throw new Error("no machines to look at");
  const { connection, credentials } = first;
  const session = new Session(targetOf(connection, credentials, configuredKey));
  try {
    const report = await session.facts(planDiagnosis(machines.flatMap(diagnosed)), { patience });
    if (report.failure !== undefined) throw report.failure;
    const raw = rawFacts(report);
    if (raw === undefined) throw notOurs(`${connection.host} reported no facts`);
    return { facts: parseFacts(raw), path: parsePath(raw.texts) };
  } finally {
    await session.close();
  }
}

/** To the other hosts, and where packets are in WireGuard also in that. */
const waysOf = ({ local, peers, ends, mesh }: Tunnel): { local: string; peers: string[] }[] =>
  mesh === undefined ? [{ local, peers }] : [{ local, peers }, ends];

/** One look for each network; a machine without one is looked at as well. */
function diagnosed({ name: machine, networks, uplink }: Machine): Diagnosed[] {
  if (networks.length === 0)
    return [{ machine, inside: firstInterface, link: "-", uplink, mode: knownMode(undefined), addresses: [] }];
  return networks.map((network) => ({
    machine,
    inside: network.inside,
    link: routedTo(network),
    uplink,
    gateway4: network.gateway4,
    mode: network.mode,
    addresses: network.addresses.map(({ address }) => address),
    tunnels: network.tunnel === undefined ? [] : waysOf(network.tunnel),
  }));
}
