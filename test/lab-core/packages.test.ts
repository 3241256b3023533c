import { indexEntry } from "../../lab/packages/release-index";
import { configuredMirror, mirrorSources } from "../../lab/packages/sources";

const release = `Origin: Debian
MD5Sum:
 aaaa 10 main/binary-amd64/Packages.xz
SHA256:
 1111 20 main/binary-amd64/Packages
 2222 10 main/binary-amd64/Packages.xz
-----BEGIN PGP SIGNATURE-----
`;

test("the hash is taken from the SHA256 section, by exact name", () => {
  expect(indexEntry(release, "main/binary-amd64/Packages.xz")).toBe("2222");
  expect(indexEntry(release, "main/binary-amd64/Packages")).toBe("1111");
  expect(() => indexEntry(release, "main/binary-arm64/Packages")).toThrow("names no main/binary-arm64/Packages");
});

test("the machine's own Debian mirror is used, in both formats of apt's sources", () => {
  const deb822 = "Types: deb\nURIs: http://mirror.example/debian/\nSuites: bookworm\n";
  const lines = "deb [arch=amd64] https://other.example/debian-security bookworm-security main\n";
  expect(configuredMirror([deb822, lines], "debian")).toBe("http://mirror.example/debian");
  expect(configuredMirror([deb822, lines], "debian-security")).toBe("https://other.example/debian-security");
});

test("on another distribution the public mirror is used", () => {
  expect(mirrorSources("bookworm", ["deb http://archive.ubuntu.com/ubuntu noble main"])).toEqual([
    { folder: "debian", uri: "http://deb.debian.org/debian", suite: "bookworm" },
    { folder: "debian", uri: "http://deb.debian.org/debian", suite: "bookworm-updates" },
    { folder: "debian-security", uri: "http://security.debian.org/debian-security", suite: "bookworm-security" },
  ]);
});
