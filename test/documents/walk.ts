/**
 * How every command of README.md and docs is tried. A test of the lab types them in the repository, with
 * `PULUMI_NSPAWN_LAB` as its only difference to a reader's; `documents.test.ts` holds that none is missing here.
 */

export interface Step {
  /** What stands for a placeholder of the text: `ADDRESS` is typed for each family. */
  with?: Record<string, string>;
  /** Typed at the lab's place `operator`, where the text says so. */
  operator?: true;
  /** What has to come out of it. */
  says: RegExp;
  /** Exit code; 0 when absent. */
  code?: number;
}

/** In this order. */
export const walked: Record<string, Step> = {
  "npx pulumi-nspawn lab exec client -- ping -c1 ADDRESS": { says: /1 received, 0% packet loss/ },
  "npx pulumi-nspawn lab exec client -- ssh root@ADDRESS": { says: /logged in to web\r?\n/ },
  "npx pulumi-nspawn lab exec host-1 -- machinectl list": { says: /^web\s+container systemd-nspawn/m },
  "npx pulumi-nspawn lab exec operator -- pulumi preview --refresh --diff": { says: /\d+ unchanged/ },
  "npx pulumi-nspawn ls": { says: /web.*running.*198\.51\.100\.\d+.*2001:db8:.*\(debootstrap\).*host-1/ },
  "npx pulumi-nspawn doctor": { says: /web on host-1\n[^]*guest answer[^]*every hop is in order\n$/ },
  "npx pulumi-nspawn shell web": { with: { "npx pulumi": "echo hostname | npx pulumi" }, says: /^web$/m },
  "npx pulumi-nspawn exec web -- systemctl is-system-running": { says: /^(running|degraded)$/m },
  "npx pulumi-nspawn logs web -n 20 -u systemd-networkd": { says: /systemd-networkd\[\d+\]: / },
  "npx pulumi-nspawn logs web --host": { says: /systemd-nspawn|Started/ },
  "npx pulumi-nspawn lab up": { says: /^Lab "[a-z0-9-]+": running, strict uplink; client 192\.0\.2\.7[^]*host-1/m },
  "npx pulumi-nspawn lab status": { says: /host-1 \(\d+\), on: / },
  "npx pulumi-nspawn lab env": {
    says: /^export PATH='[^]*export PULUMI_BACKEND_URL='file:[^]*HCLOUD_TOKEN='[0-9a-f]{64}'/m,
  },
  "npx pulumi-nspawn lab exec router -- nft list ruleset": { says: /table / },
  "npx pulumi-nspawn lab exec NAME -- ip addr": { with: { NAME: "host-1" }, says: /eth0[^]*br0/ },
  "npx pulumi-nspawn lab exec PLACE -- CMD": { with: { PLACE: "operator", CMD: "pulumi version" }, says: /^v3\./m },
  "pulumi stack select": { with: { "stack select": "stack select lab" }, operator: true, says: /^$/ },
  "pulumi stack export": { operator: true, says: /"deployment": \{/ },
  "npm run engine": { says: /PATH=/ },
  "npm run engine -- --json": { says: /"source":/ },
  "npm run attack -- --list": { says: /^\d+ attacks, \d+ legitimate$/m },
  [`curl -s localhost:8080/_lab/faults -d '{"match":{"method":"POST","path":"/servers"},"status":409,"code":"conflict"}'`]:
    { operator: true, says: /conflict/ },
  "curl -s -X DELETE localhost:8080/_lab/faults": { operator: true, says: /^$/ },
  // What makes and removes the lab of the walk.
  "npm start -- --no-install": { says: /Resources:\n +\d+ unchanged[^]*IPv4[^]*IPv6/ },
};

const suite = "a suite of its own; its flags are checked";
const account = "needs an account at Hetzner; its flags are checked";
const engine = "the engine's own, with what only a broken or a moved stack has; its flags are checked";
const elsewhere = "typed by the lab's tests, against a stack of their own: test/lab/main-job.test.ts and others";

/** What the walk does not type, and why. */
export const exceptions: [RegExp, string][] = [
  [/^git clone /, "the repository is there"],
  [/^npm (start|run down)( -- --json)?$/, "the begin and the end of the walk itself"],
  [/^npm (test|ci|run (lint|reference|test:\S+|faults|bench|reboots|attack))\b/, suite],
  [/^npx jest /, suite],
  [/^tar /, "typed by test/images/unpack.test.ts"],
  [/^(mmdebstrap|sha256sum) /, "minutes for a whole tree"],
  [/^(ssh|scp) .*root@203\.0\.113\.5/, "an address of documentation"],
  [
    /^npm run engine -- --ways /,
    "would build for a quarter of an hour, or compare with what the cache has; test/engine",
  ],
  [/^npm ci && npm run build$/, "the walk runs on what these two made"],
  [/^npm run smoke:hetzner/, account],
  [/^export PULUMI_|^pulumi (stack init production|config set )/, account],
  [/^pulumi (cancel|state delete|up --replace)\b/, engine],
  [/^pulumi (up|preview|refresh|destroy|stack rename|--stack)\b/, elsewhere],
  [
    /\bdig .*example\.org$|\bssh root@web\.example\.org$|^pulumi stack output \w*[zZ]oneFile$/,
    "names of a domain: test/lab/long/dns-records.test.ts",
  ],
  [/^npx pulumi-nspawn (…|lab up\||lab up \[|lab down|lab exec$)/, "a form, not a command; its flags are checked"],
];
