import type { ConnectionArgs, CredentialsArgs } from "../model/args";
import type { Target } from "../remote/target";
import { configuredPrivateKey } from "./stack-config";

/** Where to connect and with what: the given key, else the stack's, else an agent. */
export function targetOf(connection: ConnectionArgs, credentials: CredentialsArgs | undefined): Target {
  const { proxy, forgetUnreachable: _, ...direct } = connection;
  const target: Target = {
    ...direct,
    privateKey: credentials?.privateKey ?? configuredPrivateKey(),
    passphrase: credentials?.privateKeyPassword,
  };
  if (proxy !== undefined) target.proxy = targetOf(proxy, credentials?.proxy);
  return target;
}
