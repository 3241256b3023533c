import type { CommonArgs } from "../model/args";
import type { Desired } from "../model/desired";
import type { Parsed } from "../model/problem";
import type { Facts } from "../observe/facts/facts";
import type { Program } from "../plan/program";
import type { Subject } from "../observe/subject";

/** What a program needs to know beside the arguments. */
export interface Previous {
  /** Who owned it until now. */
  owner?: string;
  /** The first program for this resource. */
  first: boolean;
}

/** What differs between the dynamic resources; the life cycle is the same for all. */
export interface Kind<A extends CommonArgs> {
  /** Of the resource, as it stands in its URN: `NspawnMachine`. */
  type: string;
  /** Part of the id: `machine`. */
  idPart: string;
  /** The object's own name on the host. */
  nameOf(args: A): string;
  /** The arguments without which it would be another object; a change replaces. */
  identity: (keyof A & string)[];
  /** What of those arguments makes it another object; all of them when absent. */
  identityArgs?: (args: A) => A;
  /** Whether the old one has to go first; only where nothing else stands on it. */
  deleteBeforeReplace: boolean;
  /** What an argument is when state does not name it. Frozen like the state itself. */
  defaults: (args: Partial<A>) => object;
  /** The arguments with what the resource keeps of its life so far, whatever the program says. */
  kept?: (args: A, before: Partial<A>) => A;
  /** The arguments without what only `check` asks for. */
  settled?: (args: A) => A;
  /** Outputs beside the arguments. */
  outputNames: string[];
  parse(inputs: unknown): Parsed<A>;
  desired(args: A): Desired;
  /** Name within the owner, and what to look for on the host. */
  object(args: A): string;
  subjectNames(args: A): Pick<Subject, "machine" | "bridge" | "parts" | "traffic" | "underlays">;
  plan(args: A, desired: Desired, previous: Previous): Program;
  removal(args: A): Program;
  outputs(args: A, facts: Facts): Record<string, unknown>;
}
