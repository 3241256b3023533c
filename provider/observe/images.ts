import { notOurs } from "../errors";
import { printableLine } from "../model/read/printable";

/** An image that a host has. */
export interface FoundImage {
  /** Its name there. */
  hash: string;
  /** On the host's disk. */
  bytes: number;
  /** Seconds since 1970; 0 where it is not known. */
  made: number;
  /** The owner id of its MachineImage; empty for other images. */
  publisher: string;
  /** Machines that are made of it, as far as the host noted that. */
  machines: string[];
}

/** Lines of five words. @throws NSPAWN_REPORT */
export function parseImages(text: string): FoundImage[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const match = /^([0-9a-f]{16})\t(\d{1,15})\t(\d{1,12})\t([^\t]*)\t([^\t]*)$/.exec(line);
      if (match === null) throw notOurs(`there is no such line of images as "${printableLine(line, 100)}"`);
      const [, hash = "", bytes, made, publisher = "", machines = ""] = match;
      const names = machines.split(" ").filter((name) => name !== "");
      return {
        ...{ hash, bytes: Number(bytes), made: Number(made), publisher: printableLine(publisher, 300) },
        machines: names.map((name) => printableLine(name, 100)),
      };
    });
}
