import { createGunzip } from "node:zlib";
import { notOurs } from "../errors";
import type { Catalogue } from "../observe/tree/catalogue";
import { CatalogueReader } from "../observe/tree/catalogue-reader";
import type { Report } from "../remote/report";
import { understood } from "./understood";

/** Bytes of a catalogue, unpacked; a million paths have about 130 MB. */
const mostBytes = 256 * 1024 * 1024;
/** Bytes that are unpacked at once. Between two of them other sessions have their turn. */
const pieceBytes = 256 * 1024;

/** The list of a machine's tree in a report. It is unpacked piece by piece, and no further than it makes sense. @throws NSPAWN_REPORT */
export function catalogueIn(report: Report, host: string): Promise<Catalogue> {
  return understood(host, "list of a machine's tree", async () => {
    const packed = report.results.get("catalogue");
    if (packed === undefined) throw notOurs("there is no list of the machine's tree in its report");
    const reader = new CatalogueReader();
    const unpacked = createGunzip({ chunkSize: pieceBytes });
    unpacked.end(packed);
    let bytes = 0;
    for await (const piece of unpacked as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > mostBytes) throw notOurs(`the list of a machine's tree has more than ${mostBytes} bytes`);
      reader.push(piece);
    }
    return reader.end();
  });
}
