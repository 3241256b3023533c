import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../model/problem";
import type { MachineProvision, MachineUser } from "./machine-provision";

interface Given {
  users?: pulumi.Input<pulumi.Input<MachineUser>[]>;
  provision?: pulumi.Input<MachineProvision>;
}
type Entry = Record<string, unknown>;

/** A list whose entries are a text of one of their properties, or have it apart. */
interface Split {
  /** Without what is secret. */
  entries: unknown;
  /** What is secret, by the key property of its entry; undefined where nothing is. */
  secrets: pulumi.Output<Record<string, unknown> | undefined>;
}

/**
 * What a program says of users and of what is done in a machine, with what is secret apart: that property is secret as a whole, in state and in
 * what is shown, also after a refresh, and of the rest a preview shows each line.
 */
export function withSecretsApart({ users, provision }: Given): pulumi.Inputs {
  if (users === undefined && provision === undefined) return {};
  const byUser = users === undefined ? nothing : splitOf(users, "name", "passwordHash", true);
  const byPath = filesOf(provision);
  return {
    ...(users !== undefined && { users: byUser.entries }),
    ...(provision !== undefined && { provision: withFiles(provision, byPath.entries) }),
    secrets: together({ passwords: byUser.secrets, files: byPath.secrets }),
  };
}

function filesOf(provision: Given["provision"]): Split {
  if (provision === undefined || (isPlain(provision) && provision.files === undefined)) return nothing;
  const files = isPlain(provision) ? provision.files : pulumi.output(provision).apply((given) => given.files);
  return splitOf(files, "path", "content", false);
}

/** Secrets elsewhere would stand in the state as plain text after a refresh: a file is where they belong. */
export async function misplacedSecrets({ users, provision }: Given): Promise<Problem[]> {
  // Of all of it nobody could tell what may be shown.
  const places: [string, unknown][] = isPlain(provision) ? [] : [["provision", provision]];
  if (isPlain(provision))
    for (const name of ["packages", "units", "commands"]) places.push([`provision.${name}`, provision[name]]);
  if (isPlain(provision) && Array.isArray(provision.files)) {
    (provision.files as unknown[]).filter(isPlain).forEach(({ content: _, ...file }, index) => {
      places.push([`provision.files[${index}]`, file]);
    });
  }
  if (Array.isArray(users)) {
    (users as unknown[]).filter(isPlain).forEach(({ passwordHash: _, ...user }, index) => {
      places.push([`users[${index}]`, user]);
    });
  }
  const secret = await Promise.all(places.map(async ([path, value]) => ((await isSecret(value)) ? [path] : [])));
  const message =
    "has a secret; only the content of a file and a passwordHash may be one: let what needs it read a file";
  return secret.flat().map((path) => ({ path, message }));
}

const nothing: Split = { entries: undefined, secrets: pulumi.output(undefined) };

function withFiles(provision: unknown, files: unknown): unknown {
  if (isPlain(provision)) return files === undefined ? provision : { ...provision, files };
  const whole = pulumi.all([pulumi.output(provision), files]);
  return whole.apply(([given, apart]): unknown => {
    const { files: _, ...rest } = given as Entry;
    return (given as Entry).files === undefined ? rest : { ...rest, files: apart };
  });
}

/** @param always whether it is secret even where the program does not say so */
function splitOf(list: unknown, key: string, name: string, always: boolean): Split {
  if (!Array.isArray(list)) return splitWhole(pulumi.output(list), key, name, always);
  const each = list.map((entry: unknown) => splitEntry(entry, key, name, always));
  return {
    entries: each.map(({ entry }) => entry),
    secrets: pulumi.all(each.map(({ secret }) => secret)).apply((found) => {
      const known = found.filter((one) => one !== undefined);
      return known.length === 0 ? undefined : Object.fromEntries(known);
    }),
  };
}

type Secret = pulumi.Output<[key: string, value: unknown] | undefined>;

function splitEntry(given: unknown, key: string, name: string, always: boolean): { entry: unknown; secret: Secret } {
  if (!isPlain(given)) {
    const { entries, secrets } = splitWhole(pulumi.output([given]), key, name, always);
    return {
      entry: entries.apply((all) => all[0]),
      secret: secrets.apply((found) => (found === undefined ? undefined : Object.entries(found)[0])),
    };
  }
  const { [name]: value, ...rest } = given;
  if (value === undefined) return { entry: given, secret: pulumi.output(undefined) };
  const hidden = pulumi.output(always ? Promise.resolve(true) : isSecret(value));
  return {
    entry: { ...rest, [name]: hidden.apply((is) => (is ? undefined : value)) },
    secret: hidden.apply((is) => (is ? pulumi.all([rest[key], value]).apply(pair) : undefined)) as Secret,
  };
}

const pair = ([key, value]: unknown[]): [string, unknown] => [String(key), value];

/** A list that is an output itself: what is secret in it makes all of it secret, and is unknown with it. */
function splitWhole(
  list: pulumi.Output<unknown>,
  key: string,
  name: string,
  always: boolean,
): Split & { entries: pulumi.Output<unknown[]> } {
  const hidden = pulumi.output(always ? Promise.resolve(true) : pulumi.isSecret(list));
  const parts = pulumi
    .all([list, hidden])
    .apply(([entries, is]) => ({ all: Array.isArray(entries) ? entries : [entries], is }));
  const of = (entry: unknown): Entry => (isPlain(entry) ? entry : {});
  return {
    entries: pulumi.unsecret(
      parts.apply(({ all, is }) =>
        all.map((entry: unknown) => (is && isPlain(entry) ? { ...entry, [name]: undefined } : entry)),
      ),
    ),
    secrets: parts.apply(({ all, is }) => {
      const found = all.filter((entry: unknown) => is && of(entry)[name] !== undefined);
      if (found.length === 0) return undefined;
      return Object.fromEntries(found.map((entry: unknown) => [String(of(entry)[key]), of(entry)[name]]));
    }),
  };
}

/** Secret, if there is anything; absent if not, so that who has none has no such property. */
function together(parts: Record<string, pulumi.Output<unknown>>): pulumi.Output<unknown> {
  return pulumi.unsecret(pulumi.output(parts)).apply((found) => {
    const known = Object.entries(found).filter(([, value]) => value !== undefined);
    return known.length === 0 ? undefined : pulumi.secret(Object.fromEntries(known));
  });
}

const isSecret = (value: unknown): Promise<boolean> => pulumi.isSecret(pulumi.output(value));

function isPlain(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}
