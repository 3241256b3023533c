import type { MachineNetworkArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { parseCable } from "../model/fact/cable";
import { factAs } from "../model/fact/fact-as";
import { parsePort } from "../model/fact/port";
import { knownAttach } from "../model/known-mode";
import type { Attach } from "../model/mode";
import type { Draft } from "./draft";
import { reached } from "./reached";

/** What is waited for where a machine is attached. */
interface Attachment {
  /** Before it starts. */
  before: (draft: Draft, desired: Desired) => void;
  /** As soon as it runs. */
  after: (draft: Draft, desired: Desired) => void;
}

const attachments: Record<Attach, Attachment> = {
  bridge: { before: reached, after: port },
  veth: { before: () => undefined, after: cable },
};

/** Of a machine without a network nothing is waited for. */
export const attached = (network: MachineNetworkArgs | undefined): Attachment =>
  attachments[knownAttach(network?.attach)];

function port(draft: Draft, { live }: Desired): void {
  const { name, master: link, protection: how = "-", mac = "-", mtu } = parsePort(factAs.text(live.port));
  if (mtu !== undefined) draft.add({ verb: "link_size", link: name, mtu });
  if (link !== undefined) draft.add({ verb: "port", port: name, link, how, mac });
}

function cable(draft: Draft, desired: Desired): void {
  const {
    name: link,
    addresses: [address],
    mtu,
  } = parseCable(factAs.text(desired.live.port));
  if (address === undefined) return;
  draft.add({ verb: "only_addresses", link, addresses: draft.text(`${address}\n`) });
  draft.add({ verb: "await_address", link, address });
  if (mtu !== undefined) draft.add({ verb: "link_size", link, mtu });
  reached(draft, desired);
}
