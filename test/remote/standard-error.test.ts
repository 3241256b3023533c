import { StandardError } from "../../provider/remote/standard-error";

test("a character that comes in two pieces is one", () => {
  const said = Buffer.from("kein Schlüssel\n");
  const stderr = new StandardError();
  const within = said.indexOf("ü") + 1;
  stderr.push(said.subarray(0, within));
  stderr.push(said.subarray(within));
  expect([stderr.newest, stderr.bytes]).toEqual(["kein Schlüssel\n", said.length]);
});
