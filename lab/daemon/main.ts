import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApi } from "../api";
import type { LabRecord } from "../lab-record";
import { run } from "../core/run";
import { apiPort } from "../network/topology";
import { NspawnBackend } from "../servers/nspawn-backend";

/** `main.js LABDIR`: the API on the operator's loopback and the servers below it. Started again by holder.sh whenever it ends; the servers live on. */
async function main(dir: string): Promise<void> {
  const lab = JSON.parse(readFileSync(join(dir, "lab.json"), "utf8")) as LabRecord;
  const backend = new NspawnBackend({ lab: dir, images: lab.images, uplink: lab.uplink, forgetLeases });
  await backend.resume();
  const api = createApi({
    backend,
    statePath: join(dir, "api-state.json"),
    options: { token: lab.token, actionDelayMs: lab.actionDelayMs },
  });
  await api.listen("127.0.0.1", apiPort);
  writeFileSync(join(dir, "ready"), "");
}

/** dnsmasq reads its host files anew on SIGHUP; pkill -x looks only into this PID namespace. */
function forgetLeases(): void {
  run(["pkill", "-HUP", "-x", "dnsmasq"]).catch(() => undefined);
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
