// Who may import whom (docs/architecture.md). A layer lists all that it may reach; everything else is an error.
const layer = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { pathNot: [from, ...allowed] },
});

/** A folder of the top level, and those that it must not import. */
const floor = (folder, above) => ({
  name: `${folder}-imports-no-floor-above`,
  severity: "error",
  from: { path: `^${folder}/` },
  to: { path: `^(${above.join("|")})/` },
});

const builtin = (names) => `^(node:)?(${names.join("|")})$`;

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    layer("model-imports-nothing", "^provider/model/", [
      "^provider/errors\\.ts$",
      "node_modules/ip-address/",
      builtin(["crypto"]),
    ]),
    // What runs on hosts, as files, and nothing but reading them.
    layer("host-imports-nothing", "^provider/host/", [builtin(["fs", "path"])]),
    layer("render-imports-model", "^provider/render/", [
      "^provider/model/",
      "^provider/host/text\\.ts$",
      "^provider/errors\\.ts$",
    ]),
    layer("observe-imports-model", "^provider/observe/", ["^provider/model/", "^provider/errors\\.ts$"]),
    layer("plan-imports-model-and-render", "^provider/plan/", [
      "^provider/model/",
      "^provider/render/",
      "^provider/errors\\.ts$",
      builtin(["crypto"]),
    ]),
    layer("remote-imports-plan-observe-and-ssh2", "^provider/remote/", [
      "^provider/model/(read/|(container-)?args\\.ts$)",
      "^provider/host/(command|program)\\.ts$",
      "^provider/(plan|observe)/",
      "^provider/errors\\.ts$",
      "node_modules/(ssh2|@types/ssh2|tar-stream|@types/tar-stream)/",
      builtin([
        "crypto",
        "stream",
        "events",
        "timers/promises",
        "fs",
        "fs/promises",
        "net",
        "os",
        "path",
        "string_decoder",
      ]),
    ]),
    {
      name: "only-remote-opens-sockets",
      severity: "error",
      from: { path: "^provider/", pathNot: "^provider/remote/" },
      to: { path: ["node_modules/ssh2/", builtin(["net", "http", "https", "tls", "dgram", "child_process"])] },
    },
    {
      name: "resources-never-remote",
      severity: "error",
      from: { path: "^provider/resources/" },
      to: { path: ["^provider/(remote|plan|observe|render|host)/"] },
    },
    {
      name: "handlers-and-resources-apart",
      severity: "error",
      from: { path: "^provider/(handlers|resources)/" },
      to: { path: "^provider/(handlers|resources)/", pathNot: "^provider/$1/" },
    },
    {
      name: "cli-imports-lab-engine-and-provider",
      severity: "error",
      from: { path: "^cli/" },
      to: {
        path: "^provider/",
        pathNot: ["^provider/(model|plan|observe|remote)/", "^provider/errors\\.ts$"],
      },
    },
    {
      name: "pulumi-only-in-resources-and-handlers",
      severity: "error",
      from: { path: "^provider/", pathNot: ["^provider/(resources|handlers)/", "^provider/index\\.ts$"] },
      to: { path: "node_modules/@pulumi/" },
    },
    // From the ground up: provider, lab and engine know nobody; cli stands on them, tools on lab and engine, the suites of
    // test on all of these, bench on the suites. What is below a floor never imports it.
    floor("provider", ["engine", "lab", "cli", "tools", "test", "bench"]),
    floor("lab", ["provider", "engine", "cli", "tools", "test", "bench"]),
    floor("engine", ["provider", "lab", "cli", "tools", "test", "bench"]),
    floor("cli", ["tools", "test", "bench"]),
    floor("tools", ["cli", "test", "bench"]),
    floor("test", ["bench"]),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
