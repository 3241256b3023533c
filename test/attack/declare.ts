import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "../../provider";
import type { Properties } from "../support/driver";

/** A resource as a program registered it, with what its handlers get. */
export interface Declared {
  kind: string;
  key: string;
  args: Properties;
}

const kinds: Record<string, string> = {
  "pulumi-nodejs:dynamic/nspawn:NspawnHost": "nspawnHost",
  "pulumi-nodejs:dynamic/nspawn:BridgeNetwork": "bridgeNetwork",
  "pulumi-nodejs:dynamic/nspawn:NspawnMachine": "nspawnMachine",
};

/** Runs a program against Pulumi's mocks: what a user writes, without an engine. Returns the resources on hosts, in order. */
export async function declare(program: (library: typeof nspawn) => void): Promise<Declared[]> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const kind = kinds[type];
        const args = plain(inputs) as Properties;
        if (kind !== undefined) declared.push({ kind, key: `${kind} ${name}`, args });
        return { id: id ?? name, state: kind === "nspawnHost" ? { ...args, uplinkName: "eth0" } : args };
      },
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "attack",
    "suite",
    false,
  );
  program(nspawn);
  // Not in the published types; the runtime itself calls it at a program's end.
  await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return declared;
}

const secretSignature = "4dabf18193072939515e22adb298388d";

/** A value with its secrets opened. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (secretSignature in value) return plain((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
