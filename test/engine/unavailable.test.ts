import { ensureEngine } from "../../engine";
import { Scratch } from "./scratch";

let scratch: Scratch;
beforeEach(() => (scratch = new Scratch()));
afterEach(() => scratch.remove());

test("one error tells for each part and way what failed, and what to do", async () => {
  const notes: string[] = [];
  const reporter = { step: () => undefined, done: () => undefined, note: (text: string) => void notes.push(text) };
  // Port 9 of loopback is closed: refused at once.
  const site = "http://127.0.0.1:9";
  const attempt = ensureEngine({
    root: scratch.directory,
    env: scratch.env(),
    sites: { cli: site, plugins: site },
    reporter,
  });
  const error = await attempt.then(
    () => undefined,
    (thrown: Error & { code: string; refusals: { part: string; way: string }[] }) => thrown,
  );
  expect(error?.code).toBe("NSPAWN_ENGINE_UNAVAILABLE");
  for (const part of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-hcloud"]) {
    expect(error?.refusals.filter((one) => one.part === part).map((one) => one.way)).toEqual([
      "path",
      "download",
      "build",
    ]);
  }
  expect(error?.message).toContain("127.0.0.1:9 cannot be reached");
  expect(error?.message).toContain("there is no `go` on the PATH");
  expect(error?.message).toContain("no npm package @pulumi/pulumi");
  expect(error?.message).toContain("https://www.pulumi.com/docs/install/");
  expect(notes).toEqual([expect.stringContaining("No download: 127.0.0.1:9 cannot be reached")]);
});
