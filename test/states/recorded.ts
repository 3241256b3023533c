import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digest } from "../../provider/model/digest";
import {
  limitsScript as limitsPath,
  limitsService,
  sysctlFile as sysctlPath,
  unitFile,
  uplinkScript as uplinkScriptPath,
} from "../../provider/model/paths";
import { limitsScript, limitsUnit, sysctlFile } from "../../provider/render/sysctl";
import { uplinkHooks } from "../../provider/render/uplink-hooks";
import { uplinkScript } from "../../provider/render/uplink-script";
import type { Spec } from "../support/spec";

/** The passphrase of each lab's state. */
const passphrase = "lab";

interface Resource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, any>;
  outputs?: Record<string, any>;
}

interface Export {
  deployment: { resources: Resource[]; secrets_providers: { state: { salt: string } } };
}

/** What the program was told, and the key that it read. */
export interface Told {
  publicKey: string;
  spec: Spec;
}

const folder = (version: string): string => join(__dirname, version);
const parsed = (path: string): any => JSON.parse(readFileSync(path, "utf8"));

/** `["0.1.0", "created"]`, … */
export const recordedStates: [version: string, name: string][] = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: version }) =>
    readdirSync(folder(version))
      .filter((file) => file.endsWith(".json") && file !== "program.json")
      .map((file): [string, string] => [version, file.replace(/\.json$/, "")]),
  );

/** Where the program did not say it, it was of Debian 12. */
const release = { image: "debian-12", suite: "bookworm" };

export function told(version: string): Told {
  const { spec, ...rest } = parsed(join(folder(version), "program.json")) as Told;
  return { ...rest, spec: { release, ...spec } };
}

/** What a program says to keep a machine as 0.1.0 made it: the defaults that are others today. */
const machineBefore = { confined: false };
const bridgeBefore = { isolation: "none" as const };

/** The same program, with what was a default then. */
export function toldInFull(version: string): Told {
  const { publicKey, spec } = told(version);
  const machines = Object.entries(spec.machines ?? {}).map(([name, machine]) => [name, { ...machineBefore, ...machine }]);
  const bridges = Object.entries(spec.bridges).map(([name, bridge]) => [name, { ...bridgeBefore, ...bridge }]);
  return {
    publicKey,
    spec: {
      ...spec,
      bridges: Object.fromEntries(bridges) as Spec["bridges"],
      machines: Object.fromEntries(machines) as Spec["machines"],
    },
  };
}
/** An export as it was recorded. */
export const asRecorded = (version: string, name: string): Export => parsed(statePath(version, name)) as Export;
const statePath = (version: string, name: string): string => join(folder(version), `${name}.json`);

/** The whole export, as if today's library had written its own scripts on the hosts. */
export function withTodaysScript(version: string, name: string): Export {
  const whole = asRecorded(version, name);
  for (const { type, inputs = {}, outputs = {} } of whole.deployment.resources) {
    if (!type.endsWith(":NspawnHost") || inputs.files === undefined) continue;
    Object.assign(inputs.files, uplinkHooks());
    inputs.files[uplinkScriptPath] = uplinkScript(undefined);
    inputs.files[sysctlPath] = sysctlFile(inputs.sysctls ?? {});
    inputs.files[limitsPath] = limitsScript(inputs.sysctls ?? {});
    inputs.files[unitFile(limitsService)] = limitsUnit;
    inputs.boot.units[limitsService] = "enabled";
    outputs.applied = { ...outputs.applied, files: digest(inputs.files), boot: digest(inputs.boot) };
  }
  return whole;
}

/** The resources of a recorded state, their secrets opened. */
export function recorded(version: string, name: string, whole = withTodaysScript(version, name)): Resource[] {
  const { resources, secrets_providers } = whole.deployment;
  const salt = Buffer.from(secrets_providers.state.salt.split(":")[1] ?? "", "base64");
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  return opened(resources, key) as Resource[];
}

function opened(value: any, key: Buffer): any {
  if (Array.isArray(value)) return value.map((entry) => opened(entry, key));
  if (value === null || typeof value !== "object") return value;
  if (typeof value.ciphertext === "string") return JSON.parse(decrypted(value.ciphertext, key));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, opened(entry, key)]));
}

/** `v1:NONCE:DATA`, AES-256-GCM: what Pulumi's passphrase secrets are. */
function decrypted(ciphertext: string, key: Buffer): string {
  const [, nonce = "", data = ""] = ciphertext.split(":");
  const bytes = Buffer.from(data, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}
