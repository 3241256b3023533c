import { createInterface } from "node:readline/promises";

/** Asks for the word yes; without a terminal nobody can be asked. */
export async function agree(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error("this costs money and there is no terminal to ask at; start again with --yes");
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question("Type yes to go on: ")).trim() === "yes";
  } finally {
    prompt.close();
  }
}
