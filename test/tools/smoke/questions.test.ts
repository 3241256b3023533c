import { answerQuestions, printQuestion } from "../../../tools/smoke/questions";

// What tcpdump 4.99 prints with -n.
const lines = [
  "12:00:00.000001 ARP, Request who-has 198.51.100.1 tell 172.31.1.1, length 28",
  "12:00:01.000001 ARP, Request who-has 198.51.100.1 (96:00:00:00:00:01) tell 172.31.1.1, length 28",
  "12:00:01.000002 ARP, Request who-has 198.51.100.11 tell 172.31.1.1, length 28",
  "12:00:02.000001 IP6 fe80::1 > ff02::1:ffad:beef: ICMP6, neighbor solicitation, who has 2001:db8:f:1::dead:beef, length 32",
  "12:00:03.000001 IP 192.0.2.7 > 198.51.100.2: ICMP echo request, id 1, seq 1, length 64",
  "12:00:03.000002 IP6 2001:db8:ffff::7 > 2001:db8:f:1::2: ICMP6, echo request, id 1, seq 1, length 64",
  "",
];
const question = (address: string, by: "ARP" | "ND") => ({ what: "it", address, by });

describe("answerQuestions", () => {
  it("counts ARP requests for exactly this address, also unicast ones", () => {
    const [found] = answerQuestions([question("198.51.100.1", "ARP")], lines);
    expect(found).toMatchObject({ asked: 2, askers: ["172.31.1.1"], arrived: 0 });
  });

  it("counts neighbour solicitations", () => {
    const [found] = answerQuestions([question("2001:db8:f:1::dead:beef", "ND")], lines);
    expect(found).toMatchObject({ asked: 1, askers: ["fe80::1"], arrived: 0 });
  });

  it("counts packets that arrived without a request, in both families", () => {
    const found = answerQuestions([question("198.51.100.2", "ARP"), question("2001:db8:f:1::2", "ND")], lines);
    expect(found.map(({ asked, arrived }) => [asked, arrived])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});

describe("printQuestion", () => {
  const said = (asked: number, arrived: number) =>
    printQuestion({ ...question("a", "ND"), asked, arrived, askers: asked > 0 ? ["fe80::1"] : [] });

  it("says which of the three it was", () => {
    expect(said(2, 5)).toContain("asks by ND (2 times, from fe80::1)");
    expect(said(0, 5)).toContain("delivers without asking (5 packets arrived");
    expect(said(0, 0)).toContain("nothing was seen");
  });
});
