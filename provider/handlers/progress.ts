import { createRequire } from "node:module";
import { printable } from "../model/read/printable";
import { redactor } from "./redactor";

interface LogRequest {
  setSeverity(severity: number): void;
  setMessage(message: string): void;
  setUrn(urn: string): void;
  setEphemeral(ephemeral: boolean): void;
}
interface EngineModules {
  EngineClient: new (address: string, credentials: unknown) => { log(request: LogRequest, done: () => void): void };
  LogRequest: new () => LogRequest;
  insecure: () => unknown;
}

const severities = { info: 1, warning: 2 };
/** Characters that are shown. */
const most = { info: 500, warning: 4000 };
let engine: { log: (request: LogRequest) => void; LogRequest: new () => LogRequest } | undefined;

/** The engine listens at the address that it gave the provider process; elsewhere (tests, the command) nobody does. */
function connected(): typeof engine {
  const address = process.argv[2];
  if (engine !== undefined || address === undefined || !/^[\w.[\]:-]+:\d+$/.test(address)) return engine;
  const modules = load();
  const client = new modules.EngineClient(address, modules.insecure());
  engine = { log: (request) => client.log(request, () => undefined), LogRequest: modules.LogRequest };
  return engine;
}

/** The SDK's own client, as the provider process itself has it: resolved from the SDK, not from this package. */
function load(): EngineModules {
  const own = createRequire(__filename);
  const sdk = createRequire(own.resolve("@pulumi/pulumi"));
  const services = sdk("./proto/engine_grpc_pb.js") as { EngineClient: EngineModules["EngineClient"] };
  const messages = sdk("./proto/engine_pb.js") as { LogRequest: EngineModules["LogRequest"] };
  const grpc = sdk("@grpc/grpc-js") as { credentials: { createInsecure: () => unknown } };
  return { ...services, ...messages, insecure: () => grpc.credentials.createInsecure() };
}

/** Shows a text on the resource's own row of `pulumi up`; progress leaves nothing behind, a warning stays. */
export function show(urn: string, text: string, severity: "info" | "warning" = "info"): void {
  try {
    const to = connected();
    if (to === undefined || urn === "") return;
    const request = new to.LogRequest();
    request.setSeverity(severities[severity]);
    // Cut after secrets are hidden: half of one would not be recognized.
    request.setMessage(printable(redactor.hide(text), most[severity]));
    request.setUrn(urn);
    request.setEphemeral(severity === "info");
    to.log(request);
  } catch {
    // Progress is a courtesy: no work fails because it cannot be shown.
  }
}
