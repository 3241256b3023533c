// `npm run reference` writes docs/reference from the docstrings of what provider/index.ts exports; with --check, part of
// `npm run lint`, it only says whether the pages are current. A public member without a docstring fails both.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Application,
  Comment,
  Converter,
  DeclarationReflection,
  ReferenceType,
  ReflectionGroup,
  ReflectionKind,
} from "typedoc";
import { MarkdownPageEvent } from "typedoc-plugin-markdown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "docs", "reference");

/** A page each: what it is about, and its exports in this order. */
const pages = {
  NspawnHost: [
    "Hosts: how they are created, reached and prepared.",
    [
      "NspawnHost",
      "NspawnHostArgs",
      "HostStorageArgs",
      "SshArgs",
      "Host",
      "CloudPlace",
      "ExportedHost",
      "debuggingPackages",
    ],
  ],
  BridgeNetwork: [
    "Networks of machines, and what protects machines from each other.",
    [
      ...[
        "BridgeNetwork",
        "BridgeNetworkArgs",
        "BridgeVxlanArgs",
        "VxlanPeer",
        "ServerPlace",
        "bridgeNetworks",
        "BridgeNetworksArgs",
      ],
      ...["Mode", "Attach", "Isolation"],
    ],
  ],
  FloatingIp: ["Floating addresses at Hetzner.", ["FloatingIp", "FloatingIpArgs"]],
  DnsRecords: ["Names of machines in DNS.", ["DnsRecords", "DnsRecordsArgs"]],
  NspawnMachine: [
    "Machines: their addresses, what is done inside, settings, limits and firewall.",
    [
      "NspawnMachine",
      "NspawnMachineArgs",
      "ReadyConditions",
      "MachineHealth",
      "Reachability",
      "MachineNetwork",
      "Profile",
      "FirewallRule",
      "MachineLimits",
      "MachineSettings",
      "MachineExecSettings",
      "MachineFilesSettings",
      "MachineMount",
      ...["MachineUser", "MachineProvision", "ProvisionFile", "ProvisionUnit"],
    ],
  ],
  MachineFleet: [
    "Fleets: several machines from one template, on one host or many.",
    [
      ...["MachineFleet", "MachineFleetArgs", "FleetTemplate", "FleetMember"],
      ...["FleetHost", "FleetGap", "FleetShare"],
    ],
  ],
  image: [
    "Images: where a machine's root file system comes from.",
    ["image", "DebootstrapImageArgs", "TarballImageArgs", "DirectoryImageArgs", "ImageSignature", "MachineImageSource"],
  ],
  MachineImage: ["Images that are made of machines.", ["MachineImage", "MachineImageArgs"]],
  NspawnError: ["Errors and their codes.", ["NspawnError", "ErrorCode"]],
};

const internal = ["DebootstrapSource", "TarballSource", "DirectorySource", "PublishedSource"];

const text = (words) => new Comment([{ kind: "text", text: words }]);

/** Moves the exports, which all come from one file, to a module for each page. */
function intoPages(project) {
  const exports = new Map(project.children.map((child) => [child.name, child]));
  for (const child of exports.values()) project.removeChild(child);
  project.comment = text(
    "Written by `npm run reference` from the docstrings in `provider`: edit them, not these pages.",
  );
  for (const [page, [about, names]] of Object.entries(pages)) {
    const module = new DeclarationReflection(page, ReflectionKind.Module, project);
    module.comment = text(about);
    project.registerReflection(module, undefined, undefined);
    project.addChild(module);
    for (const name of names) {
      const child = exports.get(name);
      if (child === undefined) throw new Error(`provider/index.ts does not export ${name}, which ${page}.md names`);
      exports.delete(name);
      child.parent = module;
      module.addChild(child);
    }
  }
  if (exports.size > 0) throw new Error(`tools/reference.mjs has no page for ${[...exports.keys()].join(", ")}`);
}

/** After TypeDoc has sorted: in the order of `pages`, and without what is of no use to a reader. */
function tidied(project) {
  for (const module of project.children) {
    const [, names] = pages[module.name];
    const inOrder = (one, other) => names.indexOf(one.name) - names.indexOf(other.name);
    const group = new ReflectionGroup("Exports", module);
    group.children = module.children.sort(inOrder);
    module.groups = [group];
  }
  for (const reflection of Object.values(project.reflections)) {
    // Which class or interface a member comes from.
    for (const key of ["implementationOf", "inheritedFrom", "overwrites"]) delete reflection[key];
  }
  listedOnce(project);
}

/** TypeScript resolves the codes wherever they are used, and not where they are defined. */
function listedOnce(project) {
  const code = project.getChildByName("NspawnError.NspawnError.code");
  const alias = project.getChildByName("NspawnError.ErrorCode");
  alias.type = code.type;
  code.type = ReferenceType.createResolvedReference(alias.name, alias, project);
  const [constructor] = project.getChildByName("NspawnError.NspawnError.constructor").signatures;
  constructor.parameters[0].type = code.type;
}

/** `docs/state.md#secrets` in a docstring, as one reads it in an editor, becomes a link. */
function withLinks(text) {
  return text.replace(/(?<![\w[/]|\]\()docs\/([\w-]+\.md)(#[\w-]+)?/g, "[$1](../$1$2)");
}

async function generate(folder) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: [join(root, "provider", "index.ts")],
    tsconfig: join(root, "tsconfig.reference.json"),
    name: "Reference",
    out: folder,
    outputs: [{ name: "markdown", path: folder }],
    router: "module",
    readme: "none",
    logLevel: "Warn",
    treatWarningsAsErrors: true,
    intentionallyNotExported: internal,
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    skipErrorChecking: true, // `npm run typecheck` does
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    sort: ["source-order"],
    hideGroupHeadings: true,
    hidePageHeader: true,
    indexFormat: "table",
    pageTitleTemplates: { module: ({ name }) => `${name} reference` },
    parametersFormat: "table",
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => intoPages(project));
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => tidied(project), -1000);
  app.renderer.on(MarkdownPageEvent.END, (page) => (page.contents = withLinks(page.contents)));
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  await app.generateOutputs(project);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

const contents = (folder) =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

/** Names of the pages that differ, are missing or are left over. */
async function outdated() {
  const folder = mkdtempSync(join(tmpdir(), "reference-"));
  try {
    if (!(await generate(folder))) return undefined;
    const [now, there] = [contents(folder), contents(out)];
    return [...new Set([...now.keys(), ...there.keys()])].filter((name) => now.get(name) !== there.get(name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv.includes("--check")) {
  const names = await outdated();
  if (names?.length === 0) console.log("docs/reference: current");
  else if (names) console.error(`docs/reference is not current (${names.join(", ")}): run npm run reference`);
  process.exitCode = names?.length === 0 ? 0 : 1;
} else {
  process.exitCode = (await generate(out)) ? 0 : 1;
}
