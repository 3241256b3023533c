import fc from "fast-check";
import { dearmor } from "../../provider/model/openpgp";
import { asRoot } from "../support/run-script";
import { bootable, sha256, tarball } from "./archive";
import { ImagePlace } from "./image-place";
import { Signer } from "./openpgp";

jest.setTimeout(120_000);

const signer = new Signer("signer");
const stranger = new Signer("stranger");
const key = signer.publicKey();
afterAll(() => [signer, stranger].forEach((one) => one.remove()));

describe("armored OpenPGP text", () => {
  it("is read as the packets that gpg wrote", () => {
    expect(Buffer.isBuffer(dearmor(key, "PUBLIC KEY BLOCK"))).toBe(true);
    expect(Buffer.isBuffer(dearmor(key.replaceAll("\n", "\r\n"), "PUBLIC KEY BLOCK"))).toBe(true);
    expect(Buffer.isBuffer(dearmor(signer.sign(Buffer.from("x")), "SIGNATURE"))).toBe(true);
  });

  it.each<[string, string, RegExp]>([
    ["a private key", signer.secretKey(), /private key, the public one is needed/],
    [
      "a private key that is called public",
      signer.secretKey().replaceAll("PRIVATE", "PUBLIC"),
      /private key, the public one/,
    ],
    ["a signature", signer.sign(Buffer.from("x")), /does not begin and end with the lines of a PGP public key block/],
    [
      "a signature that is called a key",
      signer.sign(Buffer.from("x")).replaceAll("SIGNATURE", "PUBLIC KEY BLOCK"),
      /not that of a PGP public key block/,
    ],
    ["a key id", "0xDEADBEEF", /does not begin and end/],
    ["nothing", "", /does not begin and end/],
    [
      "half of it",
      `${key.slice(0, key.length >> 1)}\n-----END PGP PUBLIC KEY BLOCK-----\n`,
      /not armor|truncated|not base64/,
    ],
    ["two blocks", key + key, /not armor/],
    ["something beside it", `x\n${key}`, /does not begin and end/],
  ])("is refused where it is %s", (_what, text, why) => expect(dearmor(text, "PUBLIC KEY BLOCK")).toMatch(why));

  it("is never accepted with a letter changed in its data", () => {
    const lines = key.split("\n");
    const first = lines.indexOf("") + 1;
    fc.assert(
      fc.property(
        fc.integer({ min: first, max: lines.length - 4 }),
        fc.nat(63),
        fc.constantFrom("A", "b", "7", "/"),
        (row, column, letter) => {
          const line = lines[row]!;
          if (column >= line.length || line[column] === letter || line[column] === "=") return;
          const changed = [...lines];
          changed[row] = line.slice(0, column) + letter + line.slice(column + 1);
          expect(typeof dearmor(changed.join("\n"), "PUBLIC KEY BLOCK")).toBe("string");
        },
      ),
      { seed: 20261126, numRuns: 1000 },
    );
  });
});

asRoot("a signed archive", () => {
  let place: ImagePlace;
  let good: Buffer;
  beforeAll(async () => void (good = await tarball(bootable)));
  beforeEach(() => void (place = new ImagePlace()));
  afterEach(() => place.remove());

  const make = (signature: { keyring: string; text?: string }) =>
    place.make({ path: place.put("image", good), sha256: sha256(good), signature });

  it("becomes an image", async () => {
    expect((await make({ keyring: key, text: signer.sign(good) })).failure).toBeUndefined();
  });

  it("may be of a keyring on the host", async () => {
    const keyring = place.put("keys.gpg", dearmor(key, "PUBLIC KEY BLOCK"));
    expect((await make({ keyring, text: signer.sign(good) })).failure).toBeUndefined();
    const { failure } = await make({ keyring: "/var/lib/files/none.gpg", text: signer.sign(good) });
    expect(failure).toMatchObject({ code: "NSPAWN_IMAGE", message: expect.stringMatching(/the host has no keyring/) });
  });

  it.each<[string, () => string]>([
    ["another key", () => stranger.sign(good)],
    ["something else", () => signer.sign(Buffer.from("other"))],
    ["a digest that is broken", () => signer.sign(good, "--digest-algo", "SHA1")],
  ])("is refused when the signature is of %s", async (_what, signature) => {
    const { failure } = await make({ keyring: key, text: signature() });
    expect(failure).toMatchObject({ code: "NSPAWN_IMAGE" });
    expect(failure!.message).toMatch(/has no good signature of the given keys/);
    expect(await place.left()).toEqual([]);
  });

  it("is verified also where the same archive is an image already, made without", async () => {
    expect((await place.make({ path: place.put("image", good), sha256: sha256(good) })).failure).toBeUndefined();
    expect((await make({ keyring: key, text: stranger.sign(good) })).failure?.code).toBe("NSPAWN_IMAGE");
  });
});
