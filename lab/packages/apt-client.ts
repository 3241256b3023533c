import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../core/run";
import { archiveKeyring, type MirrorSource } from "./sources";

/** This machine's own apt with a private configuration: it knows only the given sources and believes that nothing is installed. */
export class AptClient {
  readonly archives: string;
  readonly lists: string;
  /** An empty folder, to ask as if no package had been fetched yet. */
  readonly nowhere: string;
  private readonly config: string;

  constructor(
    folder: string,
    sources: readonly MirrorSource[],
    readonly architecture: string,
  ) {
    this.archives = join(folder, "archives");
    this.lists = join(folder, "lists");
    this.nowhere = join(folder, "none");
    this.config = join(folder, "apt.conf");
    for (const dir of [join(this.archives, "partial"), join(this.lists, "partial"), join(this.nowhere, "partial")])
      mkdirSync(dir, { recursive: true });
    const list = join(folder, "sources.list");
    writeFileSync(
      list,
      sources.map((s) => `deb [signed-by=${archiveKeyring} arch=${architecture}] ${s.uri} ${s.suite} main\n`).join(""),
    );
    writeFileSync(join(folder, "status"), "");
    writeFileSync(this.config, configuration(folder, list, architecture));
  }

  get(args: readonly string[], onOutput?: (text: string) => void): Promise<string> {
    return run(["apt-get", "-c", this.config, "-q", "-y", ...args], {
      env: { ...process.env, LC_ALL: "C" },
      dieWithParent: true,
      onOutput,
    });
  }

  /** Fetches one file and checks it against the hash that the signed index names. */
  download(uri: string, target: string, sha256: string): Promise<string> {
    return run(["/usr/lib/apt/apt-helper", "-c", this.config, "-q", "download-file", uri, target, `SHA256:${sha256}`]);
  }
}

// The machine's apt.conf.d stays in force (a proxy may stand there), but its hooks must not run for our private folder.
const configuration = (folder: string, list: string, architecture: string): string => `#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Pre-Invoke;
#clear APT::Update;
#clear APT::Architectures;
#clear APT::Default-Release;
#clear Acquire::Languages;
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Install-Recommends "true";
APT::Install-Suggests "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::GzipIndexes "false";
Acquire::Retries "3";
Dir::Etc::SourceList "${list}";
Dir::Etc::SourceParts "${folder}/none";
Dir::Etc::Preferences "${folder}/none/preferences";
Dir::Etc::PreferencesParts "${folder}/none";
Dir::State "${folder}";
Dir::State::Lists "${folder}/lists";
Dir::State::Status "${folder}/status";
Dir::State::extended_states "${folder}/extended_states";
Dir::Cache "${folder}";
Dir::Cache::Archives "${folder}/archives";
Dir::Log "${folder}";
`;
