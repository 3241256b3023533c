import { hostFile } from "./files";
import { hostText } from "./text";

const steps = [
  "host",
  "sysctls",
  "units",
  "asleep",
  "next-boot",
  "resolvers",
  "logins",
  "network",
  "tunnel",
  "mesh",
  "private",
  "filter",
  "strays",
  "vacant",
  "subnets",
  "own-address",
  "transparent",
  "storage",
  "quota",
  "image",
  "tarball",
  "directory",
  "published",
  "images",
  "fetch",
  "tree",
  "machine",
  "container",
  "probe",
  "probe-hop",
  "service",
  "provision",
  "diagnose",
  "life",
  "move",
  "release",
];

/** What perl runs as variables of the shell. It has no quote that sh knows; a second first line would be taken for tree.pl's. */
export const probeVariable = (): string => variable("PROBE_PL", "probe.pl") + variable("SERVE_PL", "serve.pl");

const variable = (name: string, file: string): string => `${name}='${hostFile(file).replace(/^#!.*/, "")}'\n`;

/** What runs inside of machines, as a variable of the shell. */
export const provisionVariable = (): string =>
  `PROVISION_SH='${hostFile("guest/provision.sh").replaceAll("'", "'\\''")}'\n`;

const library = ["places", "report", "commands", "lock", "ownership", "transaction", "rollback", "finish"];

/** What all steps stand on. To read it runs nothing. */
export const hostLibrary = (): string => library.map((name) => hostFile(`lib/${name}.sh`)).join("");

/** The shell of the program, POSIX sh. */
export function hostShell(): string {
  const shell = [
    ...steps.map((name) => `steps/${name}.sh`),
    ...["others", "rulesets", "facts"].map((name) => `facts/${name}.sh`),
    "main.sh",
  ];
  return [probeVariable(), provisionVariable(), hostText("mount-state.sh"), hostLibrary(), ...shell.map(hostFile)].join(
    "",
  );
}

/**
 * The program on the host: one constant text for every call. What differs between calls is data (steps, texts).
 * `tree.pl` stands behind its end, where `perl -x` finds it, so that both are one file on the host, and always of one
 * version.
 */
export const hostProgram = (): string => hostShell() + hostFile("tree.pl");
