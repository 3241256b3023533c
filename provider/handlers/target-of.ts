import type { ConnectionArgs, CredentialsArgs } from "../model/args";
import { readKeyFile, readPassphraseFile } from "../remote/secret-file";
import type { Target } from "../remote/target";
import { redactor } from "./redactor";
import { configuredPrivateKey } from "./stack-config";

/**
 * Where to connect and with what: the given key, else the one in the given file, else the stack's, else an agent. A
 * passphrase is given, or in a file.
 */
export function targetOf(connection: ConnectionArgs, credentials: CredentialsArgs | undefined): Target {
  const { proxy, privateKeyFile, privateKeyPasswordFile, forgetUnreachable: _, ...direct } = connection;
  const { privateKey, privateKeyPassword } = credentials ?? {};
  const target: Target = {
    ...direct,
    privateKey: privateKey ?? (privateKeyFile ? readKeyFile(privateKeyFile) : configuredPrivateKey()),
    passphrase: privateKeyPassword ?? (privateKeyPasswordFile && readPassphraseFile(privateKeyPasswordFile)),
  };
  if (privateKey === undefined && privateKeyFile !== undefined) target.privateKeyFile = privateKeyFile;
  redactor.learn([target.privateKey, target.passphrase]);
  if (proxy !== undefined) target.proxy = targetOf(proxy, credentials?.proxy);
  return target;
}
