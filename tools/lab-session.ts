import { equipOperator, labEnv, labExec, labSetEnv, labUp, lineProgress } from "../lab";
import { engineWithGo } from "./ensure-engine";

import { ensurePackages, type PackageOptions } from "./packages";

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

/** Debian packages, lab, engine, and what the operator's environment needs. All of it is a no-op the second time. */
export async function openLab(name: string, packages: PackageOptions): Promise<LabSession> {
  requireRoot();
  await ensurePackages(packages);
  await labUp({ name, progress: lineProgress((line) => process.stderr.write(`${line}\n`)) });
  await equipOperator(name, (home) => engineWithGo(packages, home));
  labSetEnv(name, { PULUMI_STACK: "lab" });
  return { name, env: JSON.parse(labEnv("json", name)) as Record<string, string> };
}

/** Runs `pulumi` where nothing can leave the machine, with its own display. */
export function pulumi(session: LabSession, args: string[], quiet = false): Promise<number> {
  return labExec("operator", ["pulumi", ...args], { name: session.name, stdio: quiet ? "ignore" : "inherit" });
}
