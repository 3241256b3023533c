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
  "fetch",
  "tree",
  "machine",
  "container",
  "probe",
  "probe-hop",
  "service",
  "diagnose",
  "move",
  "release",
];

/** `probe.pl` as a variable of the shell. It has no quote that sh knows; a second first line would be taken for tree.pl's. */
export const probeVariable = (): string => `PROBE_PL='${hostFile("probe.pl").replace(/^#!.*/, "")}'\n`;

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
  return [probeVariable(), hostText("mount-state.sh"), hostLibrary(), ...shell.map(hostFile)].join("");
}

/**
 * The program on the host: one constant text for every call. What differs between calls is data (steps, texts).
 * `tree.pl` stands behind its end, where `perl -x` finds it, so that both are one file on the host, and always of one
 * version.
 */
export const hostProgram = (): string => hostShell() + hostFile("tree.pl");
