import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import { imageHash } from "../../provider/model/image";
import { asRoot } from "../support/run-script";
import { bootable, sha256, tarball } from "./archive";
import { ImagePlace } from "./image-place";

jest.setTimeout(120_000);

asRoot("an archive that is sent with the program", () => {
  let place: ImagePlace;
  let good: Buffer;
  const localPath = "/home/me/web.tar.gz";
  beforeAll(async () => void (good = await tarball(bootable)));
  beforeEach(() => void (place = new ImagePlace()));
  afterEach(() => place.remove());

  const send = (bytes: Buffer, announced = bytes.length, sum = sha256(good)) =>
    place.make({ localPath, sha256: sum }, { bytes: announced, input: Readable.from([bytes]) });
  const wanted = async (): Promise<string | undefined> => {
    const hash = imageHash({ kind: "tarball", sha256: sha256(good) });
    const { results } = await place.run([{ verb: "image_wanted", hash, machine: "web" }]);
    return results.get("wanted")?.toString("utf8");
  };

  it("is wanted until there is its image, and becomes the very image that it would be of a file on the host", async () => {
    expect(await wanted()).toBe("yes\n");
    expect((await send(good)).failure).toBeUndefined();
    expect(await wanted()).toBe("no\n");
    const left = await place.left();
    expect(left.filter((name) => /partial|\.tar$/.test(name))).toEqual([]);
    const root = left.find((name) => /\/images\/[0-9a-f]{16}$/.test(name))!;
    expect(root.endsWith(imageHash({ kind: "tarball", path: "/var/lib/files/x", sha256: sha256(good) }))).toBe(true);
    expect(existsSync(place.at(`${root}/usr/lib/systemd/systemd`))).toBe(true);
    // Nothing is sent for the next machine.
    expect((await place.make({ localPath, sha256: sha256(good) })).failure).toBeUndefined();
  });

  it.each<[string, () => Promise<{ failure?: Error }>, string, RegExp]>([
    [
      "breaks off",
      () => send(good.subarray(0, 100), good.length),
      "NSPAWN_CONNECTION_LOST",
      /ended after 100 of \d+ bytes/,
    ],
    ["is another", () => send(Buffer.alloc(good.length)), "NSPAWN_IMAGE", /expected the SHA-256 sum/],
    [
      "is no archive",
      () => send(Buffer.alloc(1024), 1024, sha256(Buffer.alloc(1024))),
      "NSPAWN_IMAGE",
      /no tar archive/,
    ],
    ["is too large", () => send(good, 2 ** 33), "NSPAWN_IMAGE", /over the limit of 4096 MB/],
    [
      "is not sent",
      () => place.make({ localPath, sha256: sha256(good) }),
      "NSPAWN_IMAGE",
      /not on the host any more; run up again/,
    ],
  ])("leaves nothing when it %s", async (_, made, code, says) => {
    const { failure } = await made();
    expect(failure).toMatchObject({ code });
    expect(failure!.message).toMatch(says);
    expect(await place.left()).toEqual([]);
  });

  it("takes no more of what comes than was announced", async () => {
    const { failure } = await send(Buffer.concat([good, Buffer.alloc(5_000_000)]), good.length);
    expect(failure).toBeUndefined();
  });
});
