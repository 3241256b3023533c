import { images } from "../../lab/api/catalog/images";
import { hostImage, hostImages } from "../../lab/images/host-images";
import { imageFiles, recipeText } from "../../lab/images/recipe";
import { trees } from "../../lab/images/trees";

test("every image that can be booted can be ordered, for both architectures and with its own ids", () => {
  expect(new Set(images.map(({ name }) => name))).toEqual(new Set(hostImages.map(({ name }) => name)));
  expect(new Set(images.map(({ id }) => id)).size).toBe(2 * hostImages.length);
  const ids = (name: string) => images.filter((image) => image.name === name).map(({ id }) => id);
  expect([ids("debian-12"), ids("debian-12-lan-networkd"), ids("debian-13")]).toEqual([
    [1101, 1102],
    [1107, 1108],
    [1111, 1112],
  ]);
});

test("both releases have the same kinds of host, and Debian 13 one by netplan", () => {
  const kinds = (version: string) =>
    hostImages.filter((image) => image.version === version).map(({ network, dialect }) => `${network} ${dialect}`);
  expect(kinds("12")).toEqual(["cloud ifupdown", "static ifupdown", "lan ifupdown", "lan networkd"]);
  expect(kinds("13")).toEqual([...kinds("12"), "cloud netplan"]);
  expect(() => hostImage("debian-11")).toThrow("the lab has no image debian-11; it has debian-12, ");
});

test("each tree has one that configures its network, and apt's sources of its release alone", () => {
  const [bookworm, trixie, netplan] = trees;
  expect(bookworm.packages).toEqual(expect.arrayContaining(["ifupdown", "isc-dhcp-client"]));
  expect(trixie.packages).toEqual(expect.arrayContaining(["ifupdown", "dhcpcd-base"]));
  expect(trixie.packages).not.toContain("isc-dhcp-client");
  expect(netplan.packages).not.toContain("ifupdown");
  for (const tree of trees) {
    const sources = Object.entries(imageFiles(tree)).filter(([path]) => path.startsWith("etc/apt/sources"));
    expect(sources.map(([, text]) => text).join("")).toContain(`${tree.suite}-security`);
    expect(sources.map(([, text]) => text).join("")).not.toContain(tree.suite === "trixie" ? "bookworm" : "trixie");
  }
  expect(new Set(trees.map(recipeText)).size).toBe(trees.length);
});
