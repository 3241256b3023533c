import fc from "fast-check";
import { Redactor } from "../../provider/handlers/redactor";
import { printable, printableLine } from "../../provider/model/read/printable";

function knowing(...secrets: unknown[]): Redactor {
  const redactor = new Redactor();
  redactor.learn(secrets);
  return redactor;
}

/** Every way in which a program may write a text. */
const encodings: Record<string, (secret: string) => string> = {
  literal: (secret) => secret,
  json: (secret) => JSON.stringify(secret).slice(1, -1),
  "json in json": (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  "ascii json": (secret) =>
    JSON.stringify(secret)
      .slice(1, -1)
      .replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`),
  url: encodeURIComponent,
  "url in small letters": (secret) => encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
  form: (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  base64: (secret) => Buffer.from(secret).toString("base64"),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
  printable,
  "printable, in one line": (secret) => printableLine(secret),
  hex: (secret) => Buffer.from(secret).toString("hex"),
  HEX: (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  "single quotes": (secret) => secret.replaceAll("'", "'\\''"),
  "double quotes": (secret) => secret.replace(/[\\"$`]/g, "\\$&"),
};

/** Texts that have every one of these forms: no half of a surrogate pair, and what form encoding keeps. */
const secrets = fc.string({ minLength: 8, maxLength: 60, unit: "grapheme" }).filter((text) => text.trim() === text);

describe("the redactor", () => {
  it.each(Object.entries(encodings))("leaves nothing of a secret in a message: %s", (_name, encode) => {
    fc.assert(
      fc.property(secrets, fc.string({ maxLength: 10 }), (secret, around) => {
        fc.pre(!secret.includes("\n") && !around.includes(encode(secret)) && !"[secret]".includes(secret));
        const hidden = knowing({ nested: [secret] }).hide(`${around}<${encode(secret)}>${around}`);
        expect(hidden).toContain("<[secret]>");
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it("finds a secret in the base64 of a longer text, wherever it begins", () => {
    const redactor = knowing("hunter2-canary-7c1e");
    for (const before of ["", "a", "ab", "abc", "user:"]) {
      const text = Buffer.from(`${before}hunter2-canary-7c1e, and more`).toString("base64");
      const left = redactor.hide(`Authorization: Basic ${text}`);
      expect(left).toContain("[secret]");
      // What is left besides are the characters that the secret shares with its neighbours.
      expect(Buffer.from(left.replace(/^.*Basic /, "").replace("[secret]", ""), "base64").toString()).not.toContain(
        "canary",
      );
    }
  });

  it("finds a secret that was shown in letters, control characters and all", () => {
    const secret = "pass\u001b[2J\tword\u202e";
    const redactor = knowing(secret);
    for (const show of [printable, printableLine]) expect(redactor.hide(`a ${show(secret)} b`)).toBe("a [secret] b");
  });

  it("looks for the end of a key no further than where another begins: many beginnings take no more time than one", () => {
    const [begin, end] = ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"];
    const many = `${begin} x\n`.repeat(20_000);
    expect(knowing().hide(`${many}${begin}\nabc\n${end}`)).toBe(`${many}[secret]`);
  });

  it("hides each line of a private key, not its first and last line", () => {
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${"a1".repeat(35)}\n${"b2".repeat(35)}\nc3d4e5f6g7==\n-----END OPENSSH PRIVATE KEY-----\n`;
    const redactor = knowing({ privateKey: key });
    expect(redactor.hide(`cannot use ${"b2".repeat(35)} c3d4e5f6g7== of -----BEGIN OPENSSH PRIVATE KEY-----`)).toBe(
      "cannot use [secret] [secret] of -----BEGIN OPENSSH PRIVATE KEY-----",
    );
    expect(redactor.hide(`got ${key}!`)).toBe("got [secret]!");
  });

  it("hides private keys and password hashes that nobody told it of", () => {
    const redactor = knowing();
    const key = `-----BEGIN PRIVATE KEY-----\n${"Zm9v".repeat(16)}\n-----END PRIVATE KEY-----`;
    expect(redactor.hide(`read ${key} of`)).toBe("read [secret] of");
    expect(redactor.hide(`read ${JSON.stringify(key.slice(0, 80))}`)).toBe('read "[secret]"');
    expect(redactor.hide("root:$6$salt1234$abcdefgh./ABCDEFGH:19000:0")).toBe("root:[secret]:19000:0");
    expect(redactor.hide("root:$y$j9T$salt.$abcdefgh./ABC:1")).toBe("root:[secret]:1");
  });

  it("leaves a message alone that holds no secret, and secrets too short to be told from words", () => {
    const redactor = knowing("abc", "", undefined, 7, { deep: [null] });
    const message = "abc $6 is $5 cheaper; see /etc/ssh/ssh_host_ed25519_key";
    expect(redactor.hide(message)).toBe(message);
  });
});
