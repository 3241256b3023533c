import { blocks, flagsOf, typed } from "./documents";
import { exceptions, walked } from "./walk";

const known = ["sh", "console", "ts", "python", "ini", ""];

test("every block says what it is", () => {
  const strange = blocks().filter(({ language, text }) => {
    return !known.includes(language) || (language === "" && !/[│┌─]/.test(text));
  });
  expect(strange.map(({ at }) => at)).toEqual([]);
});

test("every command is walked, or an exception with its reason", () => {
  const left = typed().filter(({ text }) => !(text in walked) && !exceptions.some(([form]) => form.test(text)));
  expect(left).toEqual([]);
});

test("the lists have nothing that no document has any more", () => {
  const texts = typed().map(({ text }) => text);
  expect(Object.keys(walked).filter((text) => !texts.includes(text))).toEqual([]);
  const unused = exceptions.filter(([form]) => !texts.some((text) => form.test(text)));
  expect(unused.map(([form]) => String(form))).toEqual([]);
});

test.each([
  ["npm run faults -- --only reboot --sample 5", ["--only", "--sample"]],
  ["npx pulumi-nspawn lab exec client -- ping -c1 ADDRESS", []],
  ["npx pulumi-nspawn lab up [--lease S] [--no-engine]", ["--lease", "--no-engine"]],
  ["pulumi preview --refresh --diff", ["--refresh", "--diff"]],
])("the flags of %j are its own", (text, flags) => {
  expect(flagsOf(text)).toEqual(flags);
});
