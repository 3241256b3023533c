import { setTimeout as sleep } from "node:timers/promises";
import { addressOf } from "../../provider/model/allocation";
import { capture } from "./capture";
import type { Interruption } from "./interruption";
import type { Outputs } from "./outputs";
import { answerQuestions, type Question } from "./questions";
import type { Ssh } from "./ssh";

// No machine has it: nothing answers, and nobody can have told the router before.
const unused = "::dead:beef";
const patience = 60;

function asked({ machine, server }: Outputs): Pick<Question, "what" | "address" | "by">[] {
  return [
    { what: "the floating IPv4 address", address: machine.ipv4, by: "ARP" },
    { what: "an address of the floating /64 that a machine has", address: machine.ipv6, by: "ND" },
    { what: "an address of the floating /64 that nobody has", address: addressOf(machine.network, unused), by: "ND" },
    {
      what: "an address of the server's own /64 that nobody has",
      address: addressOf(server.network, unused),
      by: "ND",
    },
  ];
}

/**
 * Watches on the host what its router asks for while something happens, then goes on pinging from the client until
 * it asked for everything or a minute has passed: a router that knew an address from before asks again only then.
 */
export async function watchRouter<T>(
  ssh: Ssh,
  outputs: Outputs,
  interruption: Interruption,
  during: () => Promise<T>,
): Promise<{ result: T; questions: Question[] }> {
  const watch = await capture(ssh, outputs.server.uplink, interruption);
  try {
    const result = await during();
    const addresses = asked(outputs);
    const pings = addresses.map(({ address }) => `ping -n -c 2 -i 0.5 -W 1 ${address} >/dev/null &`).join(" ");
    const deadline = Date.now() + patience * 1000;
    for (;;) {
      await ssh.run("client", `${pings} wait`, 20);
      await sleep(500);
      const questions = answerQuestions(addresses, watch.lines());
      if (questions.every((question) => question.asked > 0) || Date.now() > deadline) return { result, questions };
    }
  } finally {
    await watch.end();
  }
}
