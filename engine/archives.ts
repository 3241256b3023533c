import type { Archive } from "./archive";
import type { Job } from "./job";
import { versions } from "./versions";

/** The archives that the install script and the engine themselves download, for this platform. */
export function archives({ sites, hcloud }: Pick<Job, "sites" | "hcloud">): Archive[] {
  const system = process.platform;
  const arch = process.arch;
  const goArch = arch === "x64" ? "amd64" : arch;
  return [
    {
      title: "the Pulumi CLI",
      parts: ["pulumi", "pulumi-language-nodejs"],
      site: sites.cli,
      url: `${sites.cli}/releases/sdk/pulumi-v${versions.pulumi}-${system}-${arch}.tar.gz`,
      version: versions.pulumi,
      ask: ["version"],
    },
    {
      title: "the hcloud plugin",
      parts: ["pulumi-resource-hcloud"],
      site: sites.plugins,
      url: `${sites.plugins}/releases/plugins/pulumi-resource-hcloud-v${hcloud}-${system}-${goArch}.tar.gz`,
      version: hcloud,
      ask: ["--version"],
    },
  ];
}
