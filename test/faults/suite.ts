import { FaultHost } from "./host";
import { FaultLab } from "./lab";
import { Lane } from "./lane";
import { nameOf, type Fault } from "./fault";
import { trial } from "./trial";
import { isGood, type Verdict } from "./verdict";

export interface SuiteOptions {
  lab: string;
  lanes: number;
  /** Called after each fault. */
  told: (verdict: Verdict, done: number, of: number) => void;
  /** Called with what is being prepared. */
  progress: (text: string) => void;
}

/** Everything that a host needs from Debian is there before, so that no fault waits for packages. */
const packages = `
export DEBIAN_FRONTEND=noninteractive
servers=$(sed -n 's/^nameserver //p' /etc/resolv.conf)
apt-get -q update >/dev/null
apt-get -q -y --no-install-recommends install debootstrap systemd-container systemd-resolved nftables procps >/dev/null
systemctl -q disable --now systemd-resolved.service
rm -f /etc/resolv.conf
for server in $servers; do echo "nameserver $server"; done >/etc/resolv.conf
systemctl -q disable --now machines.target`;

/** A host with its own disk, all packages, and nothing of ours. */
async function makeHost(lab: FaultLab, name: string, sshKey: number): Promise<FaultHost> {
  const host = await FaultHost.order(lab, name, sshKey);
  await host.sh(packages);
  await host.power("poweroff");
  await host.disk.make();
  await host.disk.keep();
  await host.power("poweron");
  await host.booted();
  return host;
}

/** Runs faults in a lab of its own, which is gone in the end. */
export async function runFaults(faults: readonly Fault[], options: SuiteOptions): Promise<Verdict[]> {
  const lab = new FaultLab(options.lab);
  try {
    options.progress("making the lab");
    await lab.up();
    const lanes = await makeLanes(lab, faults, options);
    return await work(lanes, jobs(faults), faults.length, options);
  } finally {
    await lab.down();
  }
}

async function makeLanes(lab: FaultLab, faults: readonly Fault[], options: SuiteOptions): Promise<Lane[]> {
  const public_key = (await lab.sh("operator", 'cat "$NSPAWN_LAB_SSH_KEY.pub"')).trim();
  const { ssh_key } = await lab.api<{ ssh_key: { id: number } }>("POST", "/ssh_keys", { name: "faults", public_key });
  const moving = faults.some(({ kind }) => kind.moves === true);
  const count = Math.min(options.lanes, jobs(faults).length);
  options.progress(`making ${count + (moving ? 1 : 0)} hosts`);
  const names = [...Array.from({ length: count }, (_, index) => `host${index + 1}`), ...(moving ? ["other"] : [])];
  const hosts = await Promise.all(names.map((name) => makeHost(lab, name, ssh_key.id)));
  const other = moving ? hosts.pop() : undefined;
  return hosts.map((host, index) => new Lane(lab, index === 0 && other !== undefined ? [host, other] : [host]));
}

/** Faults of one kind, about as many as are worth what preparing a lane for it takes. */
export function jobs(faults: readonly Fault[], size = 40): Fault[][] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const own = faults.filter((fault) => fault.kind === kind);
    const parts = Math.ceil(own.length / size);
    return Array.from({ length: parts }, (_, part) =>
      own.slice((part * own.length) / parts, ((part + 1) * own.length) / parts),
    );
  });
}

/** Each lane takes the next job that it can do, until there is none. */
async function work(
  lanes: Lane[],
  waiting: Fault[][],
  of: number,
  { told, progress }: SuiteOptions,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const next = (lane: Lane): Fault[] | undefined => {
    const moving = lane.canMove ? waiting.findIndex(([fault]) => fault?.kind.moves === true) : -1;
    const index = moving >= 0 ? moving : waiting.findIndex(([fault]) => fault?.kind.moves !== true);
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };
  const run = async (lane: Lane): Promise<void> => {
    for (let job = next(lane); job !== undefined; job = next(lane)) {
      for (const fault of job) {
        const verdict = await survived(lane, fault);
        verdicts.push(verdict);
        told(verdict, verdicts.length, of);
        if (!isGood(verdict)) {
          progress("putting the hosts back");
          await lane.restore();
        }
      }
    }
  };
  await Promise.all(lanes.map(run));
  return verdicts;
}

/** A trial that could not be carried out counts as one that was not survived. */
async function survived(lane: Lane, fault: Fault): Promise<Verdict> {
  try {
    return await trial(lane, fault);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { fault, name: nameOf(fault), lockedOut: false, ended: "?", half: [], rest: [text], notes: ["no trial"] };
  }
}
