import type { Desired } from "../model/desired";
import { parseCable } from "../model/fact/cable";
import { factAs } from "../model/fact/fact-as";
import { parsePort } from "../model/fact/port";
import { knownAttach } from "../model/known-mode";
import type { Attach } from "../model/mode";
import { machinePort } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import type { Draft } from "./draft";
import { reached } from "./reached";

/** What is waited for where a machine is attached. */
interface Attachment {
  /** Before it starts. */
  before: (draft: Draft, network: PluggedNetwork, desired: Desired) => void;
  /** As soon as it runs. */
  after: (draft: Draft, network: PluggedNetwork, desired: Desired) => void;
}

const attachments: Record<Attach, Attachment> = {
  bridge: { before: (draft, { bridge }, desired) => reached(draft, desired, bridge), after: port },
  veth: { before: () => undefined, after: cable },
};

export const attached = ({ attach }: PluggedNetwork): Attachment => attachments[knownAttach(attach)];

/** The line of a network's host end. */
function lineOf({ plug, attach }: PluggedNetwork, { live }: Desired): string {
  const own = machinePort(plug, attach);
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
