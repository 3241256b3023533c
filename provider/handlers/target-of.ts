import type { ConnectionArgs, CredentialsArgs } from "../model/args";
import { readKeyFile } from "../remote/ssh/key-file";
import type { Target } from "../remote/target";
import { redactor } from "./redactor";
import { configuredPrivateKey } from "./stack-config";

/** Where to connect and with what: the given key, else the one in the given file, else the stack's, else an agent. */
export function targetOf(connection: ConnectionArgs, credentials: CredentialsArgs | undefined): Target {
  const { proxy, privateKeyFile, forgetUnreachable: _, ...direct } = connection;
  const fromFile = credentials?.privateKey === undefined ? privateKeyFile : undefined;
  const target: Target = {
    ...direct,
    privateKey: credentials?.privateKey ?? (fromFile === undefined ? configuredPrivateKey() : readKeyFile(fromFile)),
    passphrase: credentials?.privateKeyPassword,
  };
  if (fromFile !== undefined) target.privateKeyFile = fromFile;
  redactor.learn(target.privateKey);
  if (proxy !== undefined) target.proxy = targetOf(proxy, credentials?.proxy);
  return target;
}
