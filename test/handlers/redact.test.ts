import fc from "fast-check";
import { redact } from "../../provider/handlers/redact";

describe("redact", () => {
  it("leaves no form of a secret in a message", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 60 }), (secret) => {
        const forms = [
          secret,
          JSON.stringify(secret),
          encodeURIComponent(secret),
          Buffer.from(secret).toString("base64"),
        ];
        const message = redact(`<${forms.join("> <")}>`, [{ nested: [secret] }]);
        for (const form of forms) expect(message).not.toContain(form);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it("hides each line of a private key, not its first and last line", () => {
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${"a1".repeat(35)}\n${"b2".repeat(35)}\n-----END OPENSSH PRIVATE KEY-----\n`;
    const message = redact(`cannot use ${"b2".repeat(35)} of -----BEGIN OPENSSH PRIVATE KEY-----`, [
      { privateKey: key },
    ]);
    expect(message).toBe("cannot use [secret] of -----BEGIN OPENSSH PRIVATE KEY-----");
  });

  it("hides shell-quoted forms, and each of several secrets of which one is part of another", () => {
    const secret = fc.stringMatching(/^[ -~]{8,30}$/).filter((text) => !"[secret]".includes(text));
    fc.assert(
      fc.property(secret, fc.stringMatching(/^[ -~]{0,10}$/), (short, more) => {
        const long = `${short}${more}`;
        const forms = [long, short].flatMap((text) => [text, text.replaceAll("'", "'\\''"), encodeURIComponent(text)]);
        const message = redact(`<${forms.join("> <")}>`, [short, { deeper: [{ long }] }]);
        return forms.every((form) => !message.includes(form));
      }),
      { seed: 20261126, numRuns: 1000 },
    );
  });
});
