import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCodes } from "../../provider/errors";

test("the table of errors is closed: each code has its row in docs/errors.md, and no other has", () => {
  const text = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");
  const rows = [...text.matchAll(/^\| `(NSPAWN_[A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect([...rows].sort()).toEqual([...errorCodes].sort());
});
