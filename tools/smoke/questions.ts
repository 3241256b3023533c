/** An address, and what the router did about it. */
export interface Question {
  /** For a person: "the floating IPv4 address". */
  what: string;
  address: string;
  by: "ARP" | "ND";
  /** How often it was asked for. */
  asked: number;
  /** Who asked. */
  askers: string[];
  /** Echo requests for it that arrived. */
  arrived: number;
}

const request = /\bARP, Request who-has (\S+)(?: \(.*?\))? tell (\S+?),/;
const solicitation = /\bIP6 (\S+) > \S+: ICMP6, neighbor solicitation, who has (\S+?),/;
const echo = /\bIP6? \S+ > (\S+?): ICMP6?,? echo request/;

/** Asking for an address, if that is what the line shows. */
function asking(line: string): { address?: string; asker: string } {
  const arp = request.exec(line);
  if (arp !== null) return { address: arp[1], asker: arp[2] ?? "" };
  const nd = solicitation.exec(line);
  return { address: nd?.[2], asker: nd?.[1] ?? "" };
}

/** Counts in tcpdump's lines (`-n`) what was asked for and what arrived, per address. */
export function answerQuestions(
  addresses: readonly Pick<Question, "what" | "address" | "by">[],
  lines: readonly string[],
): Question[] {
  return addresses.map((question) => {
    const requests = lines.map(asking).filter(({ address }) => address === question.address);
    const packets = lines.filter((line) => echo.exec(line)?.[1] === question.address);
    const askers = [...new Set(requests.map(({ asker }) => asker))];
    return { ...question, asked: requests.length, askers, arrived: packets.length };
  });
}

/** What was found out, for a person. */
export function printQuestion({ what, address, by, asked, askers, arrived }: Question): string {
  const finding =
    asked > 0
      ? `the router asks by ${by} (${asked} times, from ${askers.join(", ")})`
      : arrived > 0
        ? `the router delivers without asking (${arrived} packets arrived, no ${by} request)`
        : "nothing was seen of it: neither a request nor a packet";
  return `  ${what} ${address}: ${finding}`;
}
