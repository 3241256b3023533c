import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asRoot, Place } from "../support/run-script";
import { programWith } from "../support/functions";

asRoot("all of a tree, in a room of its own (needs root: a mount namespace)", () => {
  let place: Place;
  const tree = "/var/lib/machines/web";
  beforeEach(() => {
    place = new Place();
    for (const path of [`${tree}/etc`, "/etc/other"]) mkdirSync(place.at(path), { recursive: true });
    writeFileSync(place.at("/etc/other/victim"), "precious\n");
    symlinkSync("/etc/other", place.at(`${tree}/etc/link`));
  });
  afterEach(() => {
    expect(readFileSync(place.at("/etc/other/victim"), "utf8")).toBe("precious\n");
    expect(readdirSync(place.at("/etc/other"))).toEqual(["victim"]);
    place.remove();
  });

  /** Runs shell text with the program's functions; what it writes to descriptor 4 is the output. */
  async function run(text: string): Promise<{ code: number | null; output: string }> {
    mkdirSync(place.at("/run/try/d"), { recursive: true });
    writeFileSync(place.at("/run/try/script"), programWith(text));
    return place.shell("sh /run/try/script /run/try/d");
  }

  it("there are the tree, programs, and nothing else", async () => {
    const { output } = await run(`within ${tree} sh -c 'echo /*; echo tree/etc/*' >&4`);
    expect(output.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^(\/(bin|lib|lib32|lib64|libx32|sbin|tree|usr) ?)+$/),
      "tree/etc/link",
    ]);
  });

  it.each([
    ["a link is not followed", "cat tree/etc/link/victim"],
    ["a link is not written through", "echo x >tree/etc/link/new"],
    ["no device can be made", "mknod tree/etc/null c 1 3"],
    ["programs cannot be changed", "touch /usr/bin/new"],
    ["nothing can be put beside the tree", "touch /new"],
    ["no program of the tree runs", "cp /usr/bin/true tree/etc/true && tree/etc/true"],
    ["nothing can be mounted", "mount -t tmpfs none tree/etc"],
  ])("%s", async (_what, command) => {
    const { output } = await run(`within ${tree} sh -ec '${command}' && echo worked >&4; echo ended >&4`);
    expect(output).toBe("ended\n");
  });

  it("a command's input, output and exit code are its own", async () => {
    const { output } = await run(`echo in | within ${tree} sh -c 'cat; exit 7' >&4 || echo "$?" >&4`);
    expect(output).toBe("in\n7\n");
  });

  it("a tree is discarded, and links in it are not followed", async () => {
    const { output } = await run(`discard ${tree}; discard ${tree}; echo ended >&4`);
    expect([output, existsSync(place.at(tree))]).toEqual(["ended\n", false]);
  });

  it("what somebody has mounted in a tree is neither emptied nor thrown away", async () => {
    mkdirSync(join(place.at(tree), "mnt"));
    const mounted = `mount --bind /etc/other ${tree}/mnt`;
    const discarded = await run(`${mounted}; discard ${tree} || echo refused >&4`);
    expect(discarded.output).toBe("refused\n");
    const { output } = await run(`${mounted}; (nothing_mounted ${tree})`);
    expect(output).toMatch(
      /^error\tNSPAWN_STEP_FAILED\t\d+\nsomething is mounted in the machine's tree on the host \(\/var\/lib\/machines\/web\/mnt\), and would go with it; unmount it \(umount\) and run up again\n/,
    );
  });
});
