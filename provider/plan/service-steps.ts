import type { MachineArgs } from "../model/args";
import type { Step } from "./step";

/** Seconds. A database that repairs itself takes longer than a machine. */
const answersWithin = 180;

/** Waits for the services that a program demands. */
export function serviceSteps({ name: machine, readyWhen }: MachineArgs): Step[] {
  if (typeof readyWhen !== "object") return [];
  const { tcp, http } = readyWhen;
  const step = (port: number, path: string): Step => ({
    ...{ verb: "await_service", machine, port, path, seconds: answersWithin },
  });
  return [
    ...(tcp === undefined ? [] : [step(tcp, "-")]),
    ...(http === undefined ? [] : [step(http.port, http.path ?? "/")]),
  ];
}
