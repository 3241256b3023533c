import type { CloudApi } from "../remote/cloud-server";
import { redactor } from "./redactor";

/** What the stack's configuration says, as the engine handed it over. */
interface Config {
  get(key: string): string | undefined;
}

let sshPrivateKey: string | undefined;
let cloud: Partial<CloudApi> = {};

/** Only assigns, synchronously: the SDK hands out the provider before an asynchronous `configure` ends. */
export function configure({ config }: { config: Config }): void {
  sshPrivateKey = config.get("nspawn:sshPrivateKey");
  cloud = { token: config.get("hcloud:token"), endpoint: config.get("hcloud:endpoint") };
  redactor.learn([sshPrivateKey, cloud.token]);
}

/** The stack's SSH key, secret config `nspawn:sshPrivateKey`. */
export function configuredPrivateKey(): string | undefined {
  return sshPrivateKey === undefined || sshPrivateKey === "" ? undefined : sshPrivateKey;
}

/** Where the hcloud plugin finds its own: the stack's configuration, else the environment. */
export function configuredCloud(env: NodeJS.ProcessEnv = process.env): CloudApi | undefined {
  const token = cloud.token || env.HCLOUD_TOKEN;
  if (!token) return undefined;
  redactor.learn(token);
  return { token, endpoint: cloud.endpoint || env.HCLOUD_ENDPOINT || "https://api.hetzner.cloud/v1" };
}
