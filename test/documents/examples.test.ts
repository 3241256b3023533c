import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandsOf } from "../support/readme-block";
import { root } from "./documents";

const read = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");
const examples = readdirSync(join(root, "examples"));

/** What is tried of an example that is not run as a whole. */
const elsewhere: Record<string, string> = {
  failover: "its watcher, against the program of test/support: test/lab/long/failover.test.ts",
  "first-machine": "the program of README.md; `npm start` runs stacks/, which has more",
  fleet: "the same spec, and more: test/lab/long/fleet.test.ts",
  "openstack-bridges": "the same spec, and more: test/lab/long/openstack-bridges.test.ts",
  "private-network": "all of it, from its own files: test/lab/long/private-network.test.ts",
  "two-hosts-vxlan": "the same spec, and more: test/lab/long/vxlan.test.ts",
  "shared-host": "several stacks on one host, by the program of test/support: test/lab/long/shared-host.test.ts",
};

test.each(examples.filter((name) => !(name in elsewhere)))(
  "%s says what to type, from the installation to the removal",
  (name) => {
    const commands = commandsOf(read("examples", name, "README.md"));
    expect(commands[0]).toBe("npm install && npm run build");
    expect(commands).toContain("pulumi up");
    expect(commands.at(-1)).toBe("pulumi destroy");
    expect(read("examples", name, "Pulumi.yaml")).toMatch(new RegExp(`^name: ${name}$`, "m"));
    expect((JSON.parse(read("examples", name, "package.json")) as { name: string }).name).toBe(name);
  },
);

test("each is run in the lab, or it is said why not", () => {
  const tables = readdirSync(join(root, "test", "lab", "examples")).map((file) =>
    read("test", "lab", "examples", file),
  );
  const run = tables.flatMap((text) => /^ {2}name: "(.*)",$/m.exec(text)?.[1] ?? []);
  expect([...run, ...Object.keys(elsewhere)].sort()).toEqual(examples.sort());
});
