import { agree } from "../../provider/resources/duplicates";

describe("what several resources are a part of", () => {
  it("is the same for all of them", () => {
    expect(agree("the MTU of VXLAN 1", "1450")).toBeUndefined();
    expect(agree("the MTU of VXLAN 1", "1450")).toBeUndefined();
    expect(agree("the MTU of VXLAN 2", "1400")).toBeUndefined();
    for (let again = 0; again < 2; again++)
      expect(() => agree("the MTU of VXLAN 1", "1400")).toThrow(
        /the MTU of VXLAN 1 is 1450 on one host and 1400 on another. Give all of its bridges the same/,
      );
  });
});
