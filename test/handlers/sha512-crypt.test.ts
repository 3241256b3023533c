import { isHashOf, sha512Crypt } from "../../provider/handlers/sha512-crypt";

describe("password hashes", () => {
  // Made by glibc's crypt(3); lengths of a block and its multiples are where implementations differ.
  it.each([
    [
      "Hello world!",
      "saltstring",
      "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ],
    ["x".repeat(64), "abcdefghijklmnop", /\.I5PHFJpToI3cwZx\.m\/\.$/],
    ["x".repeat(128), "abcdefghijklmnop", /hPaAib2veB3r\/Mu6K4J1$/],
    [
      "päßwörd € 123😀",
      "abcdefghijklmnop",
      /1XTIbofU7x3Mp9uRW00bFe\/5eh11pzo0tZUo7NEgLjS7qi9ZXDLtC554JZzJRpfGyY3mHx\/xKz52l9M\/lPxt8\/$/,
    ],
  ])("of %s with salt %s are those of crypt(3)", (password, salt, expected) => {
    const hash = sha512Crypt(password, salt);
    expect(hash.startsWith(`$6$${salt}$`)).toBe(true);
    if (typeof expected === "string") expect(hash).toBe(`$6$${salt}$${expected}`);
    else expect(hash).toMatch(expected);
  });

  it("take a new salt each time, and are recognised", () => {
    const [one, two] = [sha512Crypt("secret"), sha512Crypt("secret")];
    expect(one).not.toBe(two);
    expect([
      isHashOf(one, "secret"),
      isHashOf(two, "secret"),
      isHashOf(one, "Secret"),
      isHashOf("!", "secret"),
    ]).toEqual([true, true, false, false]);
  });
});
