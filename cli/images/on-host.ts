import { notOurs } from "../../provider/errors";
import { parseImages, type FoundImage } from "../../provider/observe/images";
import { planImages, planPrune } from "../../provider/plan/plan-images";
import type { Program } from "../../provider/plan/program";
import type { Report } from "../../provider/remote/report";
import { Session } from "../../provider/remote/session";
import { targetOf } from "../../provider/remote/target-of";
import type { ImageHost } from "../stack/images";

/** An image as it is shown. */
export interface HostImage {
  hash: string;
  /** Where it comes from; `unknown` where no stack that was read says so. */
  source: string;
  bytes: number;
  /** When it was made, in ISO form. */
  date?: string;
  /** Machines, and the MachineImage that it belongs to. */
  usedBy: string[];
  used: boolean;
}

/** What a host has, and how it is reached. */
export interface OnHost {
  host: ImageHost;
  key: string | undefined;
  images: HostImage[];
}

/** Seconds in which connecting is repeated. */
const patience = 20;

/** The images of a host. Errors have a code of the library's table. */
export async function imagesOn(host: ImageHost, key: string | undefined): Promise<OnHost> {
  const { results } = await run(host, key, planImages);
  const text = results.get("images")?.toString("utf8");
  if (text === undefined) throw notOurs(`${host.connection.host} reported no images`);
  return { host, key, images: parseImages(text).map((image) => shown(host, image)) };
}

/** What is known from the host and from the states together. */
export function shown(
  { sources, machines }: ImageHost,
  { hash, bytes, made, publisher, machines: own }: FoundImage,
): HostImage {
  const known = [...new Set([...own, ...(machines.get(hash) ?? [])])].sort();
  const usedBy = [...known, ...(publisher === "" ? [] : [publisher])];
  const date = made === 0 ? {} : { date: new Date(made * 1000).toISOString() };
  return { hash, source: sources.get(hash) ?? "unknown", bytes, ...date, usedBy, used: usedBy.length > 0 };
}

/** Removes images that nobody uses; says which the host has kept all the same. */
export async function prune(host: ImageHost, key: string | undefined, names: string[]): Promise<string[]> {
  return (await run(host, key, planPrune(names))).warnings;
}

async function run({ connection, credentials }: ImageHost, key: string | undefined, program: Program): Promise<Report> {
  const session = new Session(targetOf(connection, credentials, key));
  try {
    const report = await session.apply(program, { patience });
    if (report.failure !== undefined) throw report.failure;
    return report;
  } finally {
    await session.close();
  }
}
