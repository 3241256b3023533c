import { parseMachine } from "../../provider/model/parse-machine";
import { problemsOf } from "../support/refusal";
import { machineArgs } from "../support/sample";

const problems = (given: object): { path: string; message: string }[] =>
  problemsOf(parseMachine({ ...machineArgs(), ...given }));
const exec = (given: unknown): object => ({ settings: { exec: given } });
const files = (given: unknown): object => ({ settings: { files: given } });

/** Refused with exactly one problem, at this path, that says this. */
function refuses(given: object, path: string, message: RegExp): void {
  expect(problems(given)).toEqual([{ path, message: expect.stringMatching(message) }]);
}

describe("a machine's limits", () => {
  const names = ["cpuQuota", "cpuWeight", "memoryHigh", "memoryMax", "tasksMax", "ioWeight", "diskQuota"];
  const values = [-1, 0, 1.5, "10", Number.POSITIVE_INFINITY, NaN, "10k", "infinity", true, [], { value: 1 }, 2 ** 60];
  test.each(names.flatMap((name) => values.map((value): [string, unknown] => [name, value])))(
    "%s: %p is refused",
    (name, value) =>
      refuses({ limits: { [name]: value } }, `limits.${name}`, /^must be an integer from \d+ to \d+(; [^(]+)? \(got /),
  );

  test.each<[object, string, RegExp]>([
    [{ limits: 512 }, "limits", /must be an object/],
    [{ limits: { memorymax: 1 } }, "limits.memorymax", /did you mean "memoryMax"\?/],
    [{ limits: { tasksMax: 63 } }, "limits.tasksMax", /integer from 64 .*fewer than 64 tasks systemd does not start/],
    [{ limits: { memoryMax: 33554431 } }, "limits.memoryMax", /integer from 33554432 .*less than 32 MiB systemd does/],
    [{ limits: { diskQuota: 2 ** 20 } }, "limits.diskQuota", /integer from 67108864 .*cannot keep its journal/],
    [{ limits: { diskQuota: 2 ** 30 }, ephemeral: true }, "limits.diskQuota", /cannot hold an ephemeral machine back/],
    [{ limits: { memoryHigh: 2 ** 30, memoryMax: 2 ** 29 } }, "limits.memoryHigh", /at most memoryMax, 536870912, /],
    [{ limits: { optional: "yes" } }, "limits.optional", /true or false/],
    [{ limits: JSON.parse('{"__proto__": 1}') as object }, "limits.__proto__", /is not an argument/],
  ])("%j is refused", refuses);

  it("are accepted at both ends", () => {
    for (const limits of [
      { cpuQuota: 1, cpuWeight: 1, memoryMax: 33554432, tasksMax: 64, ioWeight: 1 },
      { memoryHigh: 33554432, memoryMax: 33554432 },
      { memoryHigh: 2 ** 50, diskQuota: 2 ** 26 },
      { cpuQuota: 100000, cpuWeight: 10000, memoryMax: 2 ** 50, tasksMax: 4194304, ioWeight: 10000, optional: true },
      {},
    ])
      expect(parseMachine(machineArgs({ limits })).ok).toBe(true);
  });
});

describe("a machine's capabilities and system calls", () => {
  test.each([
    "all",
    "",
    "CAP_SYS_ADMIN CAP_SYS_MODULE",
    "SYS_ADMIN",
    "cap_sys_admin",
    "CAP_SYS_ADMIN\nCapability=all",
    "~CAP_BPF",
  ])("the capability %j is refused", (name) => {
    for (const key of ["capability", "dropCapability"])
      refuses(exec({ [key]: [name] }), `settings.exec.${key}[0]`, /must be the name of a capability/);
  });

  test.each<[object, string, RegExp]>([
    [exec({ capability: ["CAP_SYS_ADMN"] }), "settings.exec.capability[0]", /did you mean CAP_SYS_ADMIN\?/],
    [exec({ capability: "CAP_BPF" }), "settings.exec.capability", /must be a list/],
    [exec({ capability: ["CAP_BPF", "CAP_BPF"] }), "settings.exec.capability[1]", /twice, first at \[0\]/],
    [
      exec({ capability: ["CAP_BPF"], dropCapability: ["CAP_BPF"] }),
      "settings.exec.dropCapability[0]",
      /CAP_BPF is listed in capability too/,
    ],
    [exec({ capabilities: [] }), "settings.exec.capabilities", /did you mean "capability"\?/],
    [exec({ ambientCapability: [] }), "settings.exec.ambientCapability", /is not an argument/],
    [exec({ boot: false }), "settings.exec.boot", /is not an argument/],
    [exec({ privateUsers: "no" }), "settings.exec.privateUsers", /is not an argument/],
    [{ settings: { network: {} } }, "settings.network", /allowed are exec, files/],
    [{ settings: [] }, "settings", /must be an object/],
    [exec({ noNewPrivileges: "yes" }), "settings.exec.noNewPrivileges", /true or false/],
    [exec({ limitNOFILE: "1024:4096" }), "settings.exec.limitNOFILE", /must be an integer/],
    [exec({ limitMEMLOCK: Infinity }), "settings.exec.limitMEMLOCK", /must be an integer/],
    [
      { ...exec({ capability: ["CAP_SYS_MODULE"] }), privateUsers: "no" },
      "settings.exec.capability[0]",
      /CAP_SYS_MODULE is refused: with privateUsers: "no" it would hold on the host/,
    ],
    [
      { ...exec({ systemCallFilter: ["@raw-io"] }), privateUsers: "no" },
      "settings.exec.systemCallFilter[0]",
      /allowing @raw-io is refused/,
    ],
  ])("%j is refused", refuses);

  test.each(["", "~", "@", "@none", "@default", "@known", "bpff", "bpf keyctl", "~~bpf", "bpf\n[Exec]", "bpf:1", "*"])(
    "the call %j is refused",
    (call) =>
      refuses(
        exec({ systemCallFilter: [call] }),
        "settings.exec.systemCallFilter[0]",
        /must be a system call or a group/,
      ),
  );

  it("may be given back, taken and denied", () => {
    const given = { capability: ["CAP_MKNOD"], dropCapability: ["CAP_NET_RAW"], systemCallFilter: ["~@mount", "bpf"] };
    expect(parseMachine({ ...machineArgs(), ...exec(given), privateUsers: "pick" }).ok).toBe(true);
    const usual = { capability: ["CAP_MKNOD"], systemCallFilter: ["~bpf"] };
    expect(parseMachine({ ...machineArgs(), ...exec(usual), privateUsers: "no" }).ok).toBe(true);
  });
});

describe("a machine's environment", () => {
  test.each(["1A", "A=B", "A B", "A\n", "", "Ä", "A-B", "A\0"])("the name %j is refused", (name) => {
    const [problem] = problems(exec({ environment: { [name]: "x" } }));
    expect(problem?.message).toMatch(/is not the name of a variable/);
  });

  test.each(["LD_PRELOAD", "container", "container_uuid", "LISTEN_FDS", "NOTIFY_SOCKET", "SYSTEMD_NSPAWN_USE_CGNS"])(
    "the name %j is reserved",
    (name) => refuses(exec({ environment: { [name]: "x" } }), `settings.exec.environment.${name}`, /is reserved/),
  );

  test.each([
    "x\n[Exec]\nPrivateUsers=no",
    "x\rCapability=all",
    "x\\",
    '"',
    "'",
    "x\0",
    "x\u2028y",
    "\ud800",
    7,
    "x".repeat(1001),
  ])("the value %j is refused", (value) => {
    const [problem, ...others] = problems(exec({ environment: { A: value } }));
    expect([problem?.path, others]).toEqual(["settings.exec.environment.A", []]);
  });
});

describe("what is mounted into a machine", () => {
  const sources = [
    "/",
    "/etc",
    "/etc/shadow",
    "/proc/1/root",
    "/run/systemd",
    "/sys",
    "/dev/sda",
    "/var/lib/machines/db",
    "/srv",
  ];
  const shapes = [
    "/var/lib/machines/../..",
    "/srv/../etc",
    "srv/x",
    "~",
    "",
    "/srv/x:/etc",
    "/srv/x\n[Exec]",
    "/srv/a b",
    "/srv//x",
  ];
  const others = [
    "/srv/x/",
    "/srv/./x",
    "/srv/%h",
    "/srv/x\\",
    '/srv/"x',
    "/srv/x\0",
    "/srvx/y",
    "/Srv/x",
    7,
    ["/srv/x"],
  ];
  test.each([...sources, ...shapes, ...others])("the source %j is refused", (source) => {
    for (const key of ["bind", "bindReadOnly"]) {
      const [problem, ...rest] = problems(files({ [key]: [{ source }] }));
      expect([problem?.path, rest]).toEqual([`settings.files.${key}[0].source`, []]);
      expect(problem?.message).toMatch(/^must be (an absolute path .* below \/data, \/home|a text)/);
    }
  });

  const targets = [
    "/",
    "/proc",
    "/proc/sys",
    "/sys/fs/cgroup",
    "/dev/x",
    "/run/systemd",
    "/etc",
    "/etc/systemd/system",
    "/usr",
    "/var",
    "/tmp",
  ];
  test.each([...targets, "x", "/a:ro", "/a/..", "/a\n", "/a b", "/a,size=1"])("the target %j is refused", (target) => {
    refuses(
      files({ bind: [{ source: "/srv/x", target }] }),
      "settings.files.bind[0].target",
      /^must be an absolute path/,
    );
    refuses(
      files({ temporaryFileSystem: [target] }),
      "settings.files.temporaryFileSystem[0]",
      /^must be an absolute path/,
    );
  });

  test.each<[object, string, RegExp]>([
    [files({ bind: ["/srv/x"] }), "settings.files.bind[0]", /must be an object/],
    [
      files({ bind: [{ source: "/srv/x", map: "idmap" }] }),
      "settings.files.bind[0].map",
      /files of the host's root, setuid/,
    ],
    [files({ bind: [{ source: "/srv/x", options: "rbind" }] }), "settings.files.bind[0].options", /is not an argument/],
    [files({ bind: [{}] }), "settings.files.bind[0].source", /is required/],
    [files({ overlay: [] }), "settings.files.overlay", /is not an argument/],
    [
      files({ bind: [{ source: "/srv/x" }], bindReadOnly: [{ source: "/srv/y", target: "/srv/x" }] }),
      "settings.files.bindReadOnly[0]",
      /mounted on \/srv\/x already, by settings\.files\.bind\[0\]/,
    ],
    [
      files({ bind: [{ source: "/srv/x" }], temporaryFileSystem: ["/srv/x"] }),
      "settings.files.temporaryFileSystem[0]",
      /already, by settings\.files\.bind\[0\]/,
    ],
  ])("%j is refused", refuses);
});
