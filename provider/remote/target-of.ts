import type { ConnectionArgs, CredentialsArgs } from "../model/args";
import { readKeyFile, readPassphraseFile } from "./secret-file";
import type { Target } from "./target";

/**
 * Where to connect and with what: the given key, else the one in the given file, else the stack's, else an agent. A
 * passphrase is given, or in a file. Whoever connects asks here, so all log in alike.
 *
 * @param configuredKey the stack's secret config `nspawn:sshPrivateKey`
 */
export function targetOf(
  connection: ConnectionArgs,
  credentials: CredentialsArgs | undefined,
  configuredKey: string | undefined,
): Target {
  const { proxy, privateKeyFile, privateKeyPasswordFile, forgetUnreachable: _, ...direct } = connection;
  const { privateKey, privateKeyPassword } = credentials ?? {};
  const target: Target = {
    ...direct,
    privateKey: privateKey ?? (privateKeyFile ? readKeyFile(privateKeyFile) : configuredKey),
    passphrase: privateKeyPassword ?? (privateKeyPasswordFile && readPassphraseFile(privateKeyPasswordFile)),
  };
  if (privateKey === undefined && privateKeyFile !== undefined) target.privateKeyFile = privateKeyFile;
  if (proxy !== undefined) target.proxy = targetOf(proxy, credentials?.proxy, configuredKey);
  return target;
}
