import type { Desired } from "../model/desired";
import { parseCable } from "../model/fact/cable";
import { factAs } from "../model/fact/fact-as";
import { parsePort } from "../model/fact/port";
import { knownAttach } from "../model/known-mode";
import type { MachineAttach } from "../model/mode";
import { machinePort } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import type { Draft } from "./draft";
import { reached } from "./reached";
import type { Step } from "./step";

/** What is waited for where a machine is attached. */
interface Attachment {
  /** The host's end; a macvlan has none. */
  port: (plug: string) => string | undefined;
  /** Without what the machine has to start anew. */
  plugged: (machine: string, network: PluggedNetwork) => Step;
  /** What the host has to be able to do, looked at before anything is changed. */
  checks: (network: PluggedNetwork) => Step[];
  /** Before it starts. */
  before: (draft: Draft, network: PluggedNetwork, desired: Desired) => void;
  /** As soon as it runs. */
  after: (draft: Draft, network: PluggedNetwork, desired: Desired) => void;
}

const onBridge = (draft: Draft, { bridge }: PluggedNetwork, desired: Desired): void => reached(draft, desired, bridge);

const attachments: Record<MachineAttach, Attachment> = {
  bridge: {
    port: (plug) => machinePort(plug),
    plugged: (machine, { plug }) => ({ verb: "plugged", machine, port: machinePort(plug) }),
    checks: () => [],
    before: onBridge,
    after: port,
  },
  macvlan: {
    port: () => undefined,
    plugged: (machine, { inside }) => ({ verb: "plugged_inside", machine, inside }),
    checks: renames,
    before: onBridge,
    after: () => undefined,
  },
  veth: {
    port: (plug) => machinePort(plug, "veth"),
    plugged: (machine, { plug }) => ({ verb: "plugged", machine, port: machinePort(plug, "veth") }),
    checks: () => [],
    before: () => undefined,
    after: cable,
  },
};

export const attached = ({ attach }: PluggedNetwork): Attachment => attachments[knownAttach(attach)];

/** systemd-nspawn of 252 and before names a macvlan itself. */
function renames({ interface: name, macvlan = "-" }: PluggedNetwork): Step[] {
  return name === undefined ? [] : [{ verb: "macvlan_name", name, macvlan }];
}

/** The line of a network's host end. */
function lineOf(network: PluggedNetwork, { live }: Desired): string {
  const own = attached(network).port(network.plug);
  return [factAs.text(live.port), ...factAs.list(live.ports)].find((line) => parsePort(line).name === own) ?? "";
}

function port(draft: Draft, network: PluggedNetwork, desired: Desired): void {
  const { name, master: link, protection: how = "-", mac = "-", mtu } = parsePort(lineOf(network, desired));
  if (mtu !== undefined) draft.add({ verb: "link_size", link: name, mtu });
  if (link !== undefined) draft.add({ verb: "port", port: name, link, how, mac });
}

function cable(draft: Draft, network: PluggedNetwork, desired: Desired): void {
  const {
    name: link,
    addresses: [address],
    mtu,
  } = parseCable(lineOf(network, desired));
  if (address === undefined) return;
  draft.add({ verb: "only_addresses", link, addresses: draft.text(`${address}\n`) });
  draft.add({ verb: "await_address", link, address });
  if (mtu !== undefined) draft.add({ verb: "link_size", link, mtu });
  reached(draft, desired, link);
}
