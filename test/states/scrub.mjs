// `pulumi stack export | node test/states/scrub.mjs > test/states/VERSION/NAME.json`: leaves out where on a machine the
// program was. Secrets stay encrypted, with the passphrase "lab".
import { readFileSync } from "node:fs";

const state = JSON.parse(readFileSync(0, "utf8"));
for (const resource of state.deployment.resources) {
  delete resource.sourcePosition;
  delete resource.stackTrace;
}
process.stdout.write(`${JSON.stringify(state, null, 1)}\n`);
