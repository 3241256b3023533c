import { join } from "node:path";
import { readLab, runningLab, writeLab, type LabRecord } from "./lab-record";
import { LabError } from "./core/lab-error";
import { defaultLab, labDir } from "./core/places";
import { apiPort } from "./network/topology";

/** What a program in `operator` needs. The endpoint is the namespace's own loopback, hence the same in every lab. */
function operatorEnv(lab: LabRecord): Record<string, string> {
  const dir = labDir(lab.name);
  return {
    ...lab.env,
    HCLOUD_TOKEN: lab.token,
    HCLOUD_ENDPOINT: `http://127.0.0.1:${apiPort}/v1`,
    SSH_AUTH_SOCK: join(dir, "agent.sock"),
    NSPAWN_LAB: lab.name,
    NSPAWN_LAB_SSH_KEY: join(dir, "operator_ed25519"),
  };
}

/** What is set at a place: the client, too, logs in with the lab's key. */
export function placeEnv(place: string, lab: LabRecord): Record<string, string> {
  if (place === "operator") return operatorEnv(lab);
  return place === "client" ? { SSH_AUTH_SOCK: join(labDir(lab.name), "agent.sock") } : {};
}

/** The operator's variables, for `eval` in a shell or as one JSON object. */
export function labEnv(format: "sh" | "json" = "sh", name = defaultLab): string {
  const env = operatorEnv(runningLab(name));
  if (format === "json") return JSON.stringify(env, null, 2) + "\n";
  return Object.entries(env)
    .map(([key, value]) => `export ${key}='${value.replaceAll("'", "'\\''")}'\n`)
    .join("");
}

/** Stores variables with the lab, to be set in `operator` from now on; undefined removes one. */
export function labSetEnv(name: string, variables: Record<string, string | undefined>): void {
  const lab = readLab(name);
  if (!lab) throw new LabError(`there is no lab "${name}"; make it: pulumi-nspawn lab up --name ${name}`, 3);
  for (const [key, value] of Object.entries(variables)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key))
      throw new LabError(`${JSON.stringify(key)} is no name of an environment variable`, 2);
    if (value === undefined) delete lab.env[key];
    else lab.env[key] = value;
  }
  writeLab(lab);
}
