type Machine = "a" | "b" | "c" | "d" | "e";

/**
 * Where something runs or is looked at: a machine, the host, the other host of a network of two, the provider's router, or the
 * client far away.
 */
export type Place = Machine | "host" | "peer" | "router" | "client";

/** Who sends frames. The other host sends them as one that is in other hands does: into the network, by its tunnel. */
export type Sender = "a" | "c" | "peer";

/** A question to a victim: a shell script that succeeds when the attack had its effect there. */
export interface Look {
  at: Place;
  if: string;
}

/**
 * Marked frames that reach a place: a machine's cable, the host's bridge (behind the filter, also where A has a cable of
 * its own), its uplink going out, or a program on the host.
 */
export interface Seen {
  at: Machine | "bridge" | "uplink" | "program";
  /** How many have to come; 1 when absent. */
  least?: number;
}

/** Makes a host weaker than any isolation does, so that it is seen that the measure works. */
export interface Weakening {
  script: string;
  undo: string;
}

/**
 * One attack, or one piece of legitimate traffic. Scripts have the names of the {@link World} in braces, `{B.ip4}`, and
 * `{MARK}`; frames are in scapy's notation with the same names, and `MARK` as a payload.
 */
export interface Trial {
  name: string;
  /** Whom it is against. */
  victim: string;
  /** Done before it, rightfully, each in turn: all have to succeed, or there is nothing to attack. */
  before?: readonly { at: Place; script: string }[];
  frames?: string;
  /** Machine A when absent. */
  from?: Sender;
  /** Of frames of the other host: another number than that of the network that it shares. */
  network?: number;
  /** How often the frames are sent, and seconds between. The kernel takes no other neighbour for a second after the last one. */
  times?: number;
  every?: number;
  /** Instead of frames: a script, which has worked when it succeeds, unless {@link works} says otherwise. */
  script?: string;
  /** Where the script runs; in machine A when absent. */
  at?: Place;
  works?: Look;
  seen?: Seen;
  /** On the host, for the control alone. */
  weaken?: Weakening;
  /** Where the control runs instead, when a machine is shut without any isolation of the network. */
  controlAt?: Place;
  /** Puts right what a control left. */
  undo?: Look;
  /** Why the control is neither expected to work nor to be seen. */
  harmless?: string;
  /** Modes that it makes sense in; all when absent. */
  modes?: readonly string[];
  /** Combinations that it makes sense in; all when absent. */
  combinations?: readonly string[];
}

/** `works`: it had its effect; `seen`: its frames reached the victim; `nothing`: neither. */
export type Outcome = "works" | "seen" | "nothing";
