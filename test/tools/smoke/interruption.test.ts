import { Interruption } from "../../../tools/smoke/interruption";
import { runProgram } from "../../../tools/smoke/program-run";

let interruption: Interruption;
let said: string[];
beforeEach(() => {
  said = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  interruption = new Interruption();
});
afterEach(() => {
  interruption.forget();
  jest.restoreAllMocks();
});

const ctrlC = () => process.emit("SIGINT", "SIGINT");

describe("Ctrl-C", () => {
  it("ends what runs, and lets nothing new begin", async () => {
    const running = runProgram(["sleep", "30"], interruption);
    ctrlC();
    expect((await running).code).toBe(-1);
    await expect(runProgram(["true"], interruption)).rejects.toThrow("interrupted by SIGINT");
    expect(interruption.happened).toBe("SIGINT");
  });

  it("leaves a removal alone, and says so", async () => {
    interruption.beginRemoval();
    const running = runProgram(["sh", "-c", "sleep 0.3; echo done"], interruption);
    ctrlC();
    expect(await running).toMatchObject({ code: 0, stdout: "done\n" });
    expect(said.join("")).toContain("still removing what costs money");
  });

  it("before the removal does not stop the removal", async () => {
    ctrlC();
    interruption.beginRemoval();
    expect((await runProgram(["true"], interruption)).code).toBe(0);
  });
});

describe("runProgram", () => {
  it("gives input on standard input, and both outputs apart", async () => {
    const ran = await runProgram(["sh", "-c", "cat; echo no >&2; exit 3"], interruption, { input: "in" });
    expect(ran).toEqual({ code: 3, stdout: "in", stderr: "no\n" });
  });

  it("ends what takes too long", async () => {
    expect((await runProgram(["sleep", "30"], interruption, { limit: 0.2 })).code).toBe(-1);
  });
});
