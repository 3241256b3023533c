import type { MachineArgs } from "../model/args";
import type { ProvisionUnitArgs, UserArgs } from "../model/provision-args";
import {
  commandDigests,
  contentOf,
  contentSum,
  passwordOf,
  provisionParts,
  userParts,
  type Part,
} from "../model/provision-parts";
import type { Draft } from "./draft";
import type { Step } from "./step";

/** Seconds that each of them may take; the host has the same in `steps/provision.sh`. */
const mostPackages = 900;
const mostCommand = 900;
const mostOthers = 900;

/** Absent: nothing. */
const none = "-";
const yes = (flag: boolean): string => (flag ? "yes" : "no");

/**
 * What is done inside of a machine: a line for each part, in the order in which they are done. Its words are its digest, the sum of
 * its content, its name, the name of a text, and what else it needs. Of a machine that has none it takes back what it had.
 *
 * @param later whether the machine may have had others before
 */
export function provisionSteps(draft: Draft, args: MachineArgs, later: boolean): Step[] {
  const { name: machine, users, provision } = args;
  const isAny = users !== undefined || provision !== undefined;
  if (!isAny && !later) return [];
  const lines = isAny ? new Parcel(draft, args).lines() : [];
  const list = lines.length === 0 ? none : draft.text(lines.map((line) => `${line}\n`).join(""), "provision.list");
  return [{ verb: "provision", machine, list }];
}

/** Seconds that these steps may take beside the rest of a program. */
export function provisionSeconds({ users, provision }: MachineArgs): number {
  if (users === undefined && provision === undefined) return 0;
  return mostPackages + mostOthers + mostCommand * (provision?.commands?.length ?? 0);
}

/** Names of texts say nothing of what is in them. */
class Parcel {
  private count = 0;
  private readonly digests: Map<string, string>;

  constructor(
    private readonly draft: Draft,
    private readonly args: MachineArgs,
  ) {
    const parts = [...userParts(args), ...provisionParts(args)];
    this.digests = new Map(parts.map(({ name, digest }: Part) => [name, digest]));
  }

  lines(): string[] {
    const { packages = [], files = [], units = [] } = this.args.provision ?? {};
    const { users = [] } = this.args;
    return [
      ...(packages.length === 0 ? [] : [this.line("packages", none, packages.map((name) => `${name}\n`).join(""))]),
      ...users.map((user) => this.user(user)),
      ...files.map((file) => {
        const content = contentOf(file, this.args);
        const { path, mode, owner, group = none } = file;
        return this.line(`file ${path}`, contentSum(content), content, mode, owner, group);
      }),
      ...units.map((unit) => this.unit(unit)),
      ...this.commands(),
    ];
  }

  private user({ name, authorizedKeys, groups, shell, sudo }: UserArgs): string {
    const hash = passwordOf(name, this.args.secrets);
    const password = hash === undefined ? none : this.text(hash);
    const keys = authorizedKeys.map((key) => `${key}\n`).join("");
    // `=` alone: in no group.
    const exactly = groups === undefined ? none : `=${groups.join(",")}`;
    return this.line(`user ${name}`, none, keys, shell, exactly, yes(sudo), password);
  }

  private unit({ name, content, enable }: ProvisionUnitArgs): string {
    return this.line(`unit ${name}`, contentSum(content), content, yes(enable));
  }

  /** One by one, and then that all are done. */
  private commands(): string[] {
    const { commands = [] } = this.args.provision ?? {};
    const digests = commandDigests(this.args);
    const each = commands.map((command, index) =>
      [digests[index], none, `command ${index + 1}`, this.text(scriptOf(command))].join("\t"),
    );
    return commands.length === 0 ? [] : [...each, [this.digests.get("commands"), none, "commands", none].join("\t")];
  }

  private line(name: string, sum: string, content: string, ...words: string[]): string {
    return [this.digests.get(name), sum, name, this.text(content), ...words].join("\t");
  }

  private text(content: string): string {
    this.count += 1;
    return this.draft.text(content, `provision.${this.count}`);
  }
}

/** A command by its words runs them as they are: no shell takes them apart. */
function scriptOf(command: string | string[]): string {
  if (typeof command === "string") return `${command}\n`;
  return `exec ${command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")}\n`;
}
