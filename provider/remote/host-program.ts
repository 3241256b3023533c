import { readFileSync } from "node:fs";
import { join } from "node:path";
import { script } from "../plan/script";

/** What is sent to a host: the script, and behind its end, where `perl -x` finds it, what touches machines' trees. */
export const hostProgram = `${script}${readFileSync(join(__dirname, "../host/tree.pl"), "utf8")}`;
