import { asRoot } from "../support/run-script";
import { bootable, sha256, tarball } from "./archive";
import { ImagePlace } from "./image-place";
import { Signer } from "./openpgp";
import { ImageServer } from "./server";

jest.setTimeout(120_000);

const names: Record<string, string[]> = {
  "images.example": ["192.0.2.80"],
  "private.example": ["10.9.9.9"],
  "mixed.example": ["192.0.2.80", "10.9.9.9"],
  "metadata.example": ["169.254.169.254"],
  "ula.example": ["fd00::9"],
  "mapped.example": ["::ffff:10.9.9.9"],
  "other.example": ["192.0.2.80"],
};
const hosts = Object.entries(names).flatMap(([name, addresses]) => addresses.map((address) => `${address} ${name}\n`));
// Else a name has one address only.
const resolving = { hosts: hosts.join(""), "host.conf": "multi on\n" };

asRoot("an archive that is fetched", () => {
  const server = new ImageServer();
  const signer = new Signer("signer");
  let good: Buffer;
  let place: ImagePlace;

  beforeAll(async () => {
    good = await tarball(bootable);
    const to = (location: string, status = 302) => ({ status, location });
    const routes = {
      "/image.tar.gz": { file: "image" },
      "/image.tar.gz.sig": { file: "signature" },
      "/short": { file: "short" },
      "/endless": { endless: true },
      "/moved": to("https://images.example/image.tar.gz"),
      "/moved-with-query": to("https://images.example/image.tar.gz?token=a&b=c", 307),
      "/image.tar.gz?token=a&b=c": { file: "image" },
      "/relative": to("/image.tar.gz", 301),
      "/to-http": to("http://images.example/image.tar.gz"),
      "/to-file": to("file:///etc/shadow"),
      "/to-private": to("https://private.example/image.tar.gz"),
      "/to-loopback": to("https://127.0.0.1/image.tar.gz"),
      "/to-number": to("https://2130706433/image.tar.gz"),
      "/to-metadata": to("https://169.254.169.254/hetzner/v1/userdata"),
      "/to-user": to("https://user:secret@images.example/image.tar.gz"),
      "/in-circles": to("https://images.example/in-circles"),
    };
    const certified = ["images.example", "private.example", "mixed.example", "192.0.2.80", "127.0.0.1"];
    const files = { image: good, short: good.subarray(0, 200), signature: signer.sign(good) };
    await server.start(["192.0.2.80/32", "10.9.9.9/32", "169.254.169.254/32", "fd00::9/128"], certified, routes, files);
  });
  afterAll(() => {
    server.stop();
    signer.remove();
  });
  beforeEach(() => {
    server.asked = [];
    place = new ImagePlace({ ...resolving, "ssl/certs/ca-certificates.crt": server.authority() }, server.network);
  });
  afterEach(() => place.remove());

  const make = (path: string, more: object = {}) =>
    place.make({
      url: path.startsWith("https:") ? path : `https://images.example${path}`,
      sha256: sha256(good),
      ...more,
    });
  const addressesAsked = (): string[] => [...new Set(server.asked.map((line) => line.split(" ")[0]!))];

  it.each([
    "/image.tar.gz",
    "/moved",
    "/moved-with-query",
    "/relative",
    "https://192.0.2.80/image.tar.gz",
    "https://images.example:443/image.tar.gz",
  ])("becomes an image from %s", async (path) => {
    expect((await make(path)).failure).toBeUndefined();
    expect(addressesAsked()).toEqual(["192.0.2.80"]);
    expect((await place.left()).some((name) => name.includes("partial"))).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ["/to-http", "NSPAWN_MIRROR", /redirects to http; only https is followed/],
    ["/to-file", "NSPAWN_MIRROR", /redirects to file; only https is followed/],
    ["/to-private", "NSPAWN_MIRROR", /private.example of .* leads to 10.9.9.9, which is no public address/],
    ["/to-loopback", "NSPAWN_MIRROR", /leads to 127.0.0.1, which is no public address/],
    ["/to-number", "NSPAWN_MIRROR", /leads to 127.0.0.1, which is no public address/],
    ["/to-metadata", "NSPAWN_MIRROR", /leads to 169.254.169.254/],
    ["/to-user", "NSPAWN_MIRROR", /user names and passwords are refused/],
    ["/in-circles", "NSPAWN_MIRROR", /redirects more than 5 times/],
    ["/none", "NSPAWN_MIRROR", /answered with the HTTP status 404/],
    ["/short", "NSPAWN_IMAGE", /expected the SHA-256 sum .* of 200 bytes/],
    [
      "https://private.example/image.tar.gz",
      "NSPAWN_MIRROR",
      /leads to 10.9.9.9, which is no public address; allowPrivate/,
    ],
    ["https://mixed.example/image.tar.gz", "NSPAWN_MIRROR", /leads to 10.9.9.9/],
    ["https://metadata.example/image.tar.gz", "NSPAWN_MIRROR", /leads to 169.254.169.254/],
    ["https://ula.example/image.tar.gz", "NSPAWN_MIRROR", /leads to fd00::9/],
    ["https://mapped.example/image.tar.gz", "NSPAWN_MIRROR", /which is no public address/],
    ["https://none.example/image.tar.gz", "NSPAWN_MIRROR", /cannot resolve none.example/],
    ["https://other.example/image.tar.gz", "NSPAWN_MIRROR", /could not be fetched: curl: \(60\)/],
    ["https://images.example:444/image.tar.gz", "NSPAWN_MIRROR", /could not be fetched: curl: \(7\)/],
  ])("is refused from %s", async (path, code, says) => {
    const { failure } = await make(path);
    expect(failure).toMatchObject({ code });
    expect(failure!.message).toMatch(says);
    expect(failure!.message).not.toContain("secret");
    expect(await place.left()).toEqual([]);
    expect(addressesAsked().filter((address) => address !== "192.0.2.80")).toEqual([]);
  });

  it("may come from a private address where that is allowed, never from a link-local one", async () => {
    expect((await make("https://private.example/image.tar.gz", { allowPrivate: true })).failure).toBeUndefined();
    const { failure } = await make("https://metadata.example/x", { allowPrivate: true, sha256: "0".repeat(64) });
    expect(failure?.message).toMatch(/leads to 169.254.169.254/);
    expect(addressesAsked()).toEqual(["10.9.9.9"]);
  });

  it("is refused when its server is not vouched for, whatever the environment says", async () => {
    process.env.CURL_CA_BUNDLE = process.env.SSL_CERT_FILE = "/var/lib/files/ca.pem";
    process.env.https_proxy = process.env.ALL_PROXY = "http://10.9.9.9:80";
    try {
      const stranger = new ImagePlace(resolving, server.network);
      stranger.put("ca.pem", server.authority());
      const { failure } = await stranger.make({ url: "https://images.example/image.tar.gz", sha256: sha256(good) });
      expect(failure?.message).toMatch(/could not be fetched: curl: \((60|77)\)/);
      stranger.remove();
      expect((await make("/image.tar.gz")).failure).toBeUndefined();
    } finally {
      for (const name of ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "https_proxy", "ALL_PROXY"]) delete process.env[name];
    }
    expect(addressesAsked()).toEqual(["192.0.2.80"]);
  });

  it("may have a signature that is fetched as well, of 64 KiB at most", async () => {
    const signature = (url: string) => ({
      signature: { keyring: signer.publicKey(), url: `https://images.example${url}` },
    });
    expect((await make("/image.tar.gz", signature("/endless"))).failure).toMatchObject({
      code: "NSPAWN_IMAGE",
      message: expect.stringMatching(/endless is over the limit of 64 KB/),
    });
    expect(await place.left()).toEqual([]);
    expect((await make("/image.tar.gz", signature("/to-private"))).failure?.code).toBe("NSPAWN_MIRROR");
    expect((await make("/image.tar.gz", signature("/image.tar.gz.sig"))).failure).toBeUndefined();
  });
});
