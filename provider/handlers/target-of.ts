import type { ConnectionArgs, CredentialsArgs } from "../model/args";
import type { Target } from "../remote/target";
import { targetOf as targetWith } from "../remote/target-of";
import { redactor } from "./redactor";
import { configuredPrivateKey } from "./stack-config";

/** Where to connect and with what, by the stack's key where none is given; what is secret of it is never shown. */
export function targetOf(connection: ConnectionArgs, credentials: CredentialsArgs | undefined): Target {
  const target = targetWith(connection, credentials, configuredPrivateKey());
  for (let at: Target | undefined = target; at !== undefined; at = at.proxy)
    redactor.learn([at.privateKey, at.passphrase]);
  return target;
}
