import { digest } from "../model/digest";
import type { Program } from "./program";
import type { Step } from "./step";

/** Collects steps and the texts that they name. */
export class Draft {
  private readonly steps: Step[] = [];
  private readonly texts: Record<string, string> = {};

  add(...steps: Step[]): this {
    this.steps.push(...steps);
    return this;
  }

  /** Takes a text along and answers its name. Names of secret texts say nothing of them. */
  text(content: string, label?: string): string {
    const name = label ?? `t${digest(content)}`;
    this.texts[name] = content;
    return name;
  }

  /** A program that changes the host. */
  program(deadline: number): Program {
    const begin = this.steps.find((step) => step.verb === "begin" && step.confirm === "yes");
    const confirm = begin?.verb === "begin" ? { confirm: begin.key } : {};
    return { steps: this.steps, texts: this.texts, deadline, changes: true, ...confirm };
  }
}
