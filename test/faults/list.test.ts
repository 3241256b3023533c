import { listApiFaults, listFaults, nameOf, rowOf, sampleEach } from "./";

describe("the list of npm run faults", () => {
  it("has at least 300 faults of different names, at least 30 of them with the library's own window", async () => {
    const faults = await listFaults(false);
    const names = [...faults.map(nameOf), ...listApiFaults(false).map(({ name }) => name)];
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(300);
    expect(faults.filter(({ window }) => window === undefined).length).toBeGreaterThanOrEqual(30);
  });

  it("has each kind of disturbance in each kind of change, and the same ones each time", async () => {
    const faults = await listFaults(false);
    const kinds = new Map<string, Set<string>>();
    for (const { kind, what } of faults) kinds.set(kind.name, (kinds.get(kind.name) ?? new Set()).add(what));
    kinds.delete("bridge settings over IPv6");
    for (const [name, whats] of kinds)
      expect([name, [...whats]]).toEqual([
        name,
        expect.arrayContaining(["blackhole", "sshd", "provider", "program", "reboot", "disk"]),
      ]);
    expect((await listFaults(false)).map(nameOf)).toEqual(faults.map(nameOf));
  });

  it("disturbs a move of a machine on both of its hosts, up to the old one's last step", async () => {
    const moves = (await listFaults(true)).filter(({ kind }) => kind.resumes === true);
    for (const verb of ["send", "depart", "receive", "arrive", "retire", "finish_release"])
      expect([verb, moves.some((fault) => fault.verb === verb)]).toEqual([verb, true]);
    expect(new Set(moves.map(({ host }) => host)).size).toBe(2);
  });

  it("can be had as some of each kind of change, the same ones for the same seed", async () => {
    const faults = await listFaults(false);
    const two = sampleEach(faults, 2, 1, rowOf);
    const counts = new Map([...new Set(faults.map(rowOf))].map((row) => [row, 0]));
    for (const fault of two) counts.set(rowOf(fault), counts.get(rowOf(fault))! + 1);
    expect([...counts].filter(([, count]) => count !== 2)).toEqual([]);
    expect(sampleEach(faults, 2, 1, rowOf)).toEqual(two);
    expect(sampleEach(faults, 2, 2, rowOf)).not.toEqual(two);
  });
});
