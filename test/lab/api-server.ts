import type { Lab } from "../support/harness";
import { debian } from "../support/debian";

/** A server made by the API alone, as somebody without this library would. */
export interface ApiServer {
  id: number;
  ipv4: string;
  ipv6: string;
  hostKey: string;
}

/** Creates a server and waits until its sshd has made its keys. */
export async function apiServer(lab: Lab, name: string, extra: object = {}): Promise<ApiServer> {
  const body = {
    name,
    server_type: "cx23",
    image: debian.image,
    location: "fsn1",
    ssh_keys: [await sshKey(lab)],
    ...extra,
  };
  const { server } = await lab.api("POST", "/servers", body);
  const deadline = Date.now() + 240_000; // on a busy machine its disk alone takes minutes
  for (;;) {
    const key = await lab.exec(name, ["cat", "/etc/ssh/ssh_host_ed25519_key.pub"]);
    const ready = await lab.exec(name, ["systemctl", "is-active", "ssh"]);
    if (key.code === 0 && ready.code === 0) {
      const hostKey = key.stdout.trim().split(" ").slice(0, 2).join(" ");
      return { id: server.id, ipv4: server.public_net.ipv4?.ip ?? "", ipv6: server.public_net.ipv6?.ip ?? "", hostKey };
    }
    if (Date.now() > deadline) throw new Error(`server ${name} has no sshd after 240 s: ${key.output}${ready.output}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The id of the operator's key at the API, which takes each key once. */
async function sshKey(lab: Lab): Promise<number> {
  const publicKey = (await lab.sh("operator", 'cat "$NSPAWN_PUBLIC_KEY_FILE"')).trim();
  const { ssh_keys: keys } = await lab.api("GET", "/ssh_keys?per_page=50");
  const known = (keys as { id: number; public_key: string }[]).find((key) => key.public_key.trim() === publicKey);
  if (known !== undefined) return known.id;
  return (await lab.api("POST", "/ssh_keys", { name: "operator", public_key: publicKey })).ssh_key.id;
}
