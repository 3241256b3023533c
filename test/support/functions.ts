import { hostProgram } from "../../provider/host/program";

/** Where the script begins to carry out its steps, and where tree.pl begins. */
const main = "\n# What the program does.\n";
const perl = "\n#!/usr/bin/perl\n";

function halves(text: string, mark: string): [string, string] {
  const [before, after, ...more] = text.split(mark);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `the program for hosts has not one ${JSON.stringify(mark)}: test/support/functions.ts must follow it`,
    );
  return [before, after];
}

/** The program for hosts with other shell text in the place of its steps. */
export function programWith(text: string): string {
  return `${halves(hostProgram(), main)[0]}\n${text}\nexit 0\n${perl.trimStart()}${halves(hostProgram(), perl)[1]}`;
}
