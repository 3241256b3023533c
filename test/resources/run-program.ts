import type * as Hcloud from "@pulumi/hcloud";
import type * as Pulumi from "@pulumi/pulumi";
import type * as Nspawn from "../../provider";

/** What a program registered, with its inputs as the engine gets them (secrets in their wire form). */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, any>;
}

export interface Modules {
  pulumi: typeof Pulumi;
  hcloud: typeof Hcloud;
  nspawn: typeof Nspawn;
}

/** What a host that is reached there has made for WireGuard. */
export const keyOf = (host: string): string =>
  Buffer.alloc(32, host.length + (host.codePointAt(host.length - 1) ?? 0)).toString("base64");

/** Values that the cloud and the handlers give, by type token; `{}` for the others. */
type Answers = Record<string, (inputs: Record<string, any>, id: string) => Record<string, unknown>>;

const bootKeys = {
  bootPrivateKey: "boot-private-canary",
  bootPublicKey: "ssh-ed25519 AAAABOOT",
  privateKey: "host-private-canary",
  publicKey: "ssh-ed25519 AAAAHOST",
};

const answers: Answers = {
  "hcloud:index/sshKey:SshKey": () => ({ name: "operator-1234567" }),
  "hcloud:index/server:Server": ({ location, publicNets }) =>
    publicNets?.[0]?.ipv4Enabled === false
      ? { location, ipv4Address: "", ipv6Address: "<nil>", ipv6Network: "<nil>" }
      : {
          location,
          ipv4Address: "203.0.113.5",
          ipv6Address: "2001:db8:1::1",
          ipv6Network: "2001:db8:1::/64",
        },
  "hcloud:index/floatingIp:FloatingIp": ({ type }) =>
    type === "ipv6"
      ? { ipAddress: "2001:db8:f::1", ipNetwork: "2001:db8:f::/64" }
      : { ipAddress: "198.51.100.7", ipNetwork: "" },
  "pulumi-nodejs:dynamic/nspawn:HostKey": () => bootKeys,
  "pulumi-nodejs:dynamic/nspawn:NspawnHost": ({ wireguard, connection }) => ({
    ipv4: "203.0.113.9",
    ipv6Network: "2001:db8:9::/64",
    uplinkName: "eth0",
    ...(wireguard === true && { wireguardKey: keyOf(connection.host as string) }),
  }),
};

const secretSignature = "4dabf18193072939515e22adb298388d";

/** Fresh modules of ours, so that no claim of another program is left; Pulumi's own are kept. */
function modules(): Modules {
  const pulumi = jest.requireActual<typeof Pulumi>("@pulumi/pulumi");
  const hcloud = jest.requireActual<typeof Hcloud>("@pulumi/hcloud");
  let nspawn: typeof Nspawn | undefined;
  jest.isolateModules(() => {
    jest.doMock("@pulumi/pulumi", () => pulumi);
    jest.doMock("@pulumi/hcloud", () => hcloud);
    nspawn = jest.requireActual<typeof Nspawn>("../../provider");
  });
  return { pulumi, hcloud, nspawn: nspawn! };
}

/** Another place than the usual one: a project, a stack, and what stands in its state. */
interface Place {
  project: string;
  stack: string;
  /** Id and outputs of a resource that is there. */
  known: (type: string, name: string) => { id: string; state: Record<string, unknown> } | undefined;
}

const usual: Place = { project: "shop", stack: "test", known: () => undefined };

/**
 * Runs a program against Pulumi's mocks and returns what it registered, in order. `preview`: what the cloud says is
 * unknown, as before a first `up`.
 */
export async function runProgram(
  program: (modules: Modules) => unknown,
  options: { preview?: boolean; place?: Place } = {},
): Promise<Registered[]> {
  const { project, stack, known } = options.place ?? usual;
  const loaded = modules();
  const registered: Registered[] = [];
  let count = 0;
  await loaded.pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Record<string, any> });
        count += 1;
        const standing = known(type, name);
        if (standing !== undefined) return standing;
        if (options.preview) return { id: undefined, state: inputs as Record<string, unknown> };
        const id = String(100 + count);
        const plain = withoutSecrets(inputs) as Record<string, any>;
        return { id, state: { ...plain, ...answers[type]?.(plain, id) } };
      },
      call: ({ token }) => {
        if (token !== "hcloud:index/getFloatingIp:getFloatingIp") throw new Error(`unexpected call of ${token}`);
        return { id: 77, ipAddress: "198.51.100.99", ipNetwork: "", type: "ipv4" };
      },
    },
    project,
    stack,
    options.preview ?? false,
  );
  await program(loaded);
  // Not in the published types; the runtime itself calls it at a program's end.
  await (loaded.pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return registered;
}

/** The resources of a type; at least one. */
export function ofType(registered: Registered[], type: string): Registered[] {
  const found = registered.filter((resource) => resource.type === type);
  if (found.length === 0) throw new Error(`no ${type} among ${registered.map((resource) => resource.type).join(", ")}`);
  return found;
}

export function isSecret(value: any): boolean {
  return value !== null && typeof value === "object" && secretSignature in value;
}

/** A value with its secrets opened. */
export function withoutSecrets(value: any): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== "object") return value;
  if (isSecret(value)) return withoutSecrets(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutSecrets(entry)]));
}

/** The value of an output, for assertions. */
export function valueOf<T>(output: Pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}
