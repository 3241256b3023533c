import { run } from "./run";

/** What a program says its version is, or why it does not say. 10 s are enough for any that does not download first. */
export async function programVersion(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ version: string } | { why: string }> {
  const { code, stdout, stderr } = await run({
    program,
    args,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    seconds: 10,
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)/m.exec(stdout)?.[1];
  if (code === 0 && version !== undefined) return { version };
  return {
    why: `${program} ${args.join(" ")} did not print a version (${stderr.split("\n").at(-1) || `exit code ${code}`})`,
  };
}
