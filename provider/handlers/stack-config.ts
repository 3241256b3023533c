import { redactor } from "./redactor";

/** What the stack's configuration says, as the engine handed it over. */
interface Config {
  get(key: string): string | undefined;
}

let sshPrivateKey: string | undefined;

/** Only assigns, synchronously: the SDK hands out the provider before an asynchronous `configure` ends. */
export function configure(request: { config: Config }): void {
  sshPrivateKey = request.config.get("nspawn:sshPrivateKey");
  redactor.learn(sshPrivateKey);
}

/** The stack's SSH key, secret config `nspawn:sshPrivateKey`. */
export function configuredPrivateKey(): string | undefined {
  return sshPrivateKey === undefined || sshPrivateKey === "" ? undefined : sshPrivateKey;
}
