import { longUrn, shortUrn } from "../../provider/handlers/short-urn";

const type = "pulumi-nodejs:dynamic/nspawn:NspawnMachine";
const owner = "shop/lab/machine/web";

describe("a URN in state", () => {
  it.each([
    [`urn:pulumi:lab::shop::nspawn:index:NspawnMachine$${type}::web`, "::nspawn:index:NspawnMachine$::web"],
    [`urn:pulumi:lab::shop::my:own:Component$nspawn:index:NspawnMachine$${type}::a::b`, undefined],
    [`urn:pulumi:lab::shop::${type}::web`, "::::web"],
  ])("is short, and comes back as it was: %s", (urn, short) => {
    const kept = shortUrn(urn, owner, type);
    if (short !== undefined) expect(kept).toBe(short);
    expect(kept.length).toBeLessThan(urn.length);
    expect(longUrn(kept, owner, type)).toBe(urn);
  });

  it.each([
    `urn:pulumi:prod::shop::${type}::web`,
    `urn:pulumi:lab::other::${type}::web`,
    "urn:pulumi:lab::shop::x:y:Z::web",
    "urn:pulumi:lab::shop::x",
    "",
  ])("stays as it is when it says something else: %s", (urn) => {
    expect(shortUrn(urn, owner, type)).toBe(urn);
    expect(longUrn(urn, owner, type)).toBe(urn);
  });
});
