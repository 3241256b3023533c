import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { labDir } from "./core/places";
import { labSetEnv } from "./env";

/**
 * Gives `operator` what `pulumi` needs: the engine, a place for the stacks' state inside the lab, and the lab's public
 * key. Kept with the lab, so the second time changes nothing.
 *
 * @param engineFor gets the engine for a PULUMI_HOME
 */
export async function equipOperator(
  name: string,
  engineFor: (pulumiHome: string) => Promise<{ env: Record<string, string> }>,
): Promise<void> {
  const directory = labDir(name);
  const home = join(directory, "pulumi");
  const engine = await engineFor(join(home, "home"));
  mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
  labSetEnv(name, {
    ...engine.env,
    PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
    // Known to everybody: it protects nothing but this lab's own state.
    PULUMI_CONFIG_PASSPHRASE: "lab",
    NSPAWN_PUBLIC_KEY_FILE: join(directory, "operator_ed25519.pub"),
  });
}
