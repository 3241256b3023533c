import { utils } from "ssh2";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";

describe("a new host key", () => {
  it("can be read, signs, and fits its public half, 500 times", () => {
    for (let run = 0; run < 500; run += 1) {
      const { privateKey, publicKey } = ed25519Pair();
      const parsed = utils.parseKey(privateKey);
      const other = utils.parseKey(publicKey);
      if (parsed instanceof Error || other instanceof Error) throw new Error(`cannot be read: ${publicKey}`);
      const message = Buffer.from(`run ${run}`);
      expect(other.verify(message, parsed.sign(message))).toBe(true);
      expect(parsed.getPublicSSH()).toEqual(other.getPublicSSH());
    }
  });
});
