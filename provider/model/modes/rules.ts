import type { Attach, Isolation, MachineAttach, Mode } from "../mode";
import { isolated } from "./isolated";
import { nat } from "./nat";
import { none } from "./none";
import { routed } from "./routed";
import type { IsolationRules, ModeRules } from "./rule";
import { tenant } from "./tenant";
import { transparent } from "./transparent";

/** The words of each argument, and what they ask of the others. */
export const modeRules: Record<Mode, ModeRules> = { isolated, nat, routed, transparent };
export const isolationRules: Record<Isolation, IsolationRules> = { none, tenant };
const attachWords: Record<Attach, true> = { bridge: true, veth: true };
const machineAttachWords: Record<MachineAttach, true> = { ...attachWords, macvlan: true };

export const modes = Object.keys(modeRules) as Mode[];
export const isolations = Object.keys(isolationRules) as Isolation[];
export const attachments = Object.keys(attachWords) as Attach[];
export const machineAttachments = Object.keys(machineAttachWords) as MachineAttach[];
