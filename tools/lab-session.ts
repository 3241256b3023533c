import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { labDir, labEnv, labExec, labSetEnv, labUp, lineProgress } from "../lab";
import { ensureEngine } from "./engine";
import { ensurePackages } from "./packages";

/** A lab in which `pulumi` works: `exec operator -- pulumi …` finds the engine, its state and the lab's key. */
export interface LabSession {
  name: string;
  env: Record<string, string>;
}

function requireRoot(): void {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Error(
      "the lab needs Linux and root: it makes network namespaces and boots systemd hosts. Start again as root",
    );
  }
}

/** Engine, Debian packages, lab, and what the operator's environment needs. All of it is a no-op the second time. */
export async function openLab(name: string, yes: boolean): Promise<LabSession> {
  requireRoot();
  const directory = labDir(name);
  const home = join(directory, "pulumi");
  await ensurePackages(yes);
  await labUp({ name, progress: lineProgress((line) => process.stderr.write(`${line}\n`)) });
  const engine = await ensureEngine({ pulumiHome: join(home, "home") });
  mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
  labSetEnv(name, {
    ...engine.env,
    PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
    // Known to everybody: it protects nothing but this lab's own state.
    PULUMI_CONFIG_PASSPHRASE: "lab",
    PULUMI_STACK: "lab",
    NSPAWN_PUBLIC_KEY_FILE: join(directory, "operator_ed25519.pub"),
  });
  return { name, env: JSON.parse(labEnv("json", name)) as Record<string, string> };
}

/** Runs `pulumi` where nothing can leave the machine, with its own display. */
export function pulumi(session: LabSession, args: string[], quiet = false): Promise<number> {
  return labExec("operator", ["pulumi", ...args], { name: session.name, stdio: quiet ? "ignore" : "inherit" });
}
