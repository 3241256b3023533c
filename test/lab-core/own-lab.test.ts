import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabError, withOwnLab } from "../../lab";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "own-lab-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const own = <T>(name: string, work: () => Promise<T>): Promise<T> => withOwnLab(name, work, folder);

test("a second command for a lab of the same name is refused at once, and one for another name is not", async () => {
  const second = jest.fn(() => Promise.resolve());
  const told = await own("faults", async () => {
    expect(await own("other", () => Promise.resolve("other"))).toBe("other");
    return own("faults", second).catch((error: unknown) => error);
  });
  expect(told).toBeInstanceOf(LabError);
  expect((told as Error).message).toMatch(/has a lab faults at this time.*--lab/);
  expect(second).not.toHaveBeenCalled();
});

test("the name is free again afterwards, also when the work failed, and nothing is left", async () => {
  await expect(own("faults", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await own("faults", () => Promise.resolve("again"))).toBe("again");
  expect(existsSync(folder)).toBe(false);
});
