import { closeSessions, sessionOf } from "../../provider/remote/sessions";
import { startServer } from "../support/ssh-server";

const program = { steps: [], texts: {}, deadline: 20 };

describe("sessions", () => {
  afterEach(closeSessions);

  it("are one per host, pinned keys and login", async () => {
    const host = await startServer();
    const same = { ...host.target, hostKeys: [...host.target.hostKeys] };
    expect(sessionOf(host.target)).toBe(sessionOf(same));
    expect(sessionOf({ ...host.target, hostKeys: [] })).not.toBe(sessionOf(host.target));
    expect(sessionOf({ ...host.target, privateKey: "another" })).not.toBe(sessionOf(host.target));
    await host.stop();
  });

  it("end when they are closed, and are made anew after that", async () => {
    const host = await startServer();
    await sessionOf(host.target).apply(program);
    expect(host.live.size).toBe(1);
    await closeSessions();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.live.size).toBe(0);
    expect((await sessionOf(host.target).apply(program)).failure).toBeUndefined();
    expect(host.connections).toBe(2);
    await closeSessions();
    await host.stop();
  });
});
