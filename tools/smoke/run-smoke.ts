import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { stringify } from "yaml";
import type { FamilyProof } from "../proofs/family";
import { agree } from "./agree";
import { billOf } from "./bill";
import { CloudApi } from "./cloud-api";
import { Interruption } from "./interruption";
import { labelSelector, type Order } from "./order";
import type { Outputs } from "./outputs";
import { printBill } from "./print-bill";
import { Project } from "./project";
import { proveBySsh } from "./prove";
import type { Question } from "./questions";
import { removeAll, type Removal } from "./remove-all";
import { Ssh } from "./ssh";
import { requireToken } from "./token";
import { watchRouter } from "./watch-router";

export interface SmokeOptions extends Omit<Order, "id"> {
  /** Do not ask. */
  yes: boolean;
  /** Environment in which `pulumi` is found; its HCLOUD_TOKEN and HCLOUD_ENDPOINT say where. */
  env: NodeJS.ProcessEnv;
}

export interface Findings {
  ipv4: FamilyProof;
  ipv6: FamilyProof;
  router: Question[];
}

export interface SmokeResult {
  /** Absent when it did not come so far. */
  findings?: Findings;
  error?: Error;
  interrupted?: NodeJS.Signals;
  removal: Removal;
}

const say = (text: string): boolean => process.stderr.write(`${text}\n`);

/** cloud-config with which the client's host key is known before it has one. */
function userData(key: { privateKey: string; publicKey: string }): string {
  const keys = { ed25519_private: key.privateKey, ed25519_public: key.publicKey };
  return `#cloud-config\n${stringify({ ssh_deletekeys: true, ssh_genkeytypes: [], ssh_keys: keys })}`;
}

async function findOut(project: Project, order: Order, interruption: Interruption): Promise<Findings> {
  const operator = await project.makeKey(project.keyFile);
  const clientKey = await project.makeKey(join(project.folder, "client_host_ed25519"));
  await project.init(operator.privateKey);
  await project.up({ order, publicKey: operator.publicKey, clientUserData: userData(clientKey) });
  const outputs = await project.outputs<Outputs>();
  const { folder, keyFile } = project;
  const ssh = new Ssh(outputs, { folder, keyFile, clientKey: clientKey.publicKey, interruption });
  say("waiting for the client …");
  await ssh.untilUp("client", 180);
  say("proving both families and watching what the router asks for (about a minute) …");
  const { machine, peer } = outputs;
  const { result, questions } = await watchRouter(ssh, outputs, interruption, async () => ({
    ipv4: await proveBySsh(ssh, { place: "machine-ipv4", address: machine.ipv4, own: peer.ipv4 }, interruption),
    ipv6: await proveBySsh(ssh, { place: "machine-ipv6", address: machine.ipv6, own: peer.ipv6 }, interruption),
  }));
  return { ...result, router: questions };
}

async function withRemoval(api: CloudApi, order: Order, env: NodeJS.ProcessEnv): Promise<SmokeResult> {
  const interruption = new Interruption();
  const project = new Project(interruption, env);
  say(
    `everything of this run has the label ${labelSelector(order)}; its state is in ${project.folder} until all is removed`,
  );
  const result: Omit<SmokeResult, "removal"> = {};
  try {
    result.findings = await findOut(project, order, interruption);
  } catch (error) {
    result.error = error instanceof Error ? error : new Error(String(error));
  }
  result.interrupted = interruption.happened;
  interruption.beginRemoval();
  say("removing everything …");
  const removal = await removeAll(api, order, project);
  if (removal.clean) project.remove();
  interruption.forget();
  return { ...result, removal };
}

/** Makes two servers and a machine at the API of `env`, proves it, and removes everything. Undefined: not agreed to. */
export async function runSmoke({ yes, env, ...wanted }: SmokeOptions): Promise<SmokeResult | undefined> {
  const api = new CloudApi(env.HCLOUD_ENDPOINT ?? "https://api.hetzner.cloud/v1", requireToken(env));
  const order = { ...wanted, id: randomBytes(4).toString("hex") };
  say(`At ${api.endpoint} this will be made, and removed again at the end:\n${printBill(await billOf(api, order))}`);
  if (!yes && !(await agree())) return undefined;
  return await withRemoval(api, order, env);
}
