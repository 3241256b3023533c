import { pulumi } from "./pulumi";

/** The key that the library itself takes where none is an argument. Never shown. */
export async function configuredKey(stack: string): Promise<string | undefined> {
  const { code, stdout } = await pulumi(["config", "get", "nspawn:sshPrivateKey", "--stack", stack]);
  return code === 0 && stdout.trim() !== "" ? stdout : undefined;
}
