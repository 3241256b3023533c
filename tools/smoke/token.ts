/** The token of HCLOUD_TOKEN. What is wrong with it is said without showing it. */
export function requireToken(env: NodeJS.ProcessEnv): string {
  const token = env.HCLOUD_TOKEN ?? "";
  const get =
    "make one in Hetzner's console (project, Security, API tokens; read and write) and put it into the environment: read -rs HCLOUD_TOKEN; export HCLOUD_TOKEN";
  if (token === "") throw new Error(`HCLOUD_TOKEN is not set; ${get}`);
  if (token.length !== 64) throw new Error(`HCLOUD_TOKEN has ${token.length} characters, a token has 64; ${get}`);
  if (!/^[A-Za-z0-9]+$/.test(token))
    throw new Error(`HCLOUD_TOKEN has characters other than letters and digits; ${get}`);
  return token;
}
