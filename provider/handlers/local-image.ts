import type { Problem } from "../model/problem";
import { Place } from "../model/read/place";
import { localPath } from "../model/rule/local-path";
import { isUnknown, UNKNOWN } from "../model/unknown";
import { localArchive } from "../remote/local-archive";
import { readWhere } from "../remote/secret-file";
import { noArchive } from "./archive-kind";
import type { Properties } from "./state";

interface Local {
  kind: "tarball";
  localPath: unknown;
  sha256?: unknown;
  bytes?: unknown;
}

/**
 * The arguments with the size and the sum of an archive that is where the program runs, and why it cannot be had. A file that is
 * not there (state is used on another computer, or it was tidied away) is missed only where state does not know its sum.
 */
export async function withLocalArchive(
  olds: Properties | undefined,
  news: Properties,
): Promise<{ given: Properties; problems: Problem[] }> {
  const { image } = news;
  if (!isLocal(image)) return { given: news, problems: [] };
  const place = Place.root().key("image");
  const found = await lookAt(image, olds?.image, place);
  return { given: { ...news, image: { ...image, ...found } }, problems: place.problems };
}

function isLocal(image: unknown): image is Local {
  if (typeof image !== "object" || image === null || (image as Local).kind !== "tarball") return false;
  const { localPath: path } = image as Local;
  return path !== undefined && path !== null;
}

type Found = Pick<Local, "sha256" | "bytes">;

async function lookAt(image: Local, before: unknown, place: Place): Promise<Found> {
  const path = image.localPath;
  // The rule for it tells what is wrong with its text.
  if (isUnknown(path) || typeof path !== "string" || !isPath(path)) return { sha256: image.sha256 ?? UNKNOWN };
  try {
    const { bytes, sha256, head } = await localArchive(path);
    const why = noArchive(head);
    if (why !== undefined) place.key("localPath").refuse(`${path} cannot be used: ${why}`);
    if (isOther(image.sha256, sha256))
      place
        .key("sha256")
        .refuse(
          `${path} has the sum ${sha256}, another one than is given; leave it out, or give the file that is meant`,
        );
    return { bytes, sha256 };
  } catch (error) {
    const known = knownSum(image, before);
    if (known !== undefined) return known;
    place.key("localPath").refuse(`${path} cannot be used: ${(error as Error).message}; ${readWhere}`);
    return { sha256: image.sha256 ?? UNKNOWN };
  }
}

function isPath(path: string): boolean {
  const place = Place.root();
  localPath(path, place);
  return place.problems.length === 0;
}

const isOther = (given: unknown, sum: string): boolean =>
  typeof given === "string" && !isUnknown(given) && given.toLowerCase() !== sum;

/** What state knows of the same file, or of the same sum. */
function knownSum({ localPath: path, sha256: given }: Local, before: unknown): Found | undefined {
  if (!isLocal(before) || typeof before.sha256 !== "string") return undefined;
  const isSame = given === undefined ? before.localPath === path : !isOther(given, before.sha256);
  return isSame ? { sha256: before.sha256, bytes: before.bytes } : undefined;
}
