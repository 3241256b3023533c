import type { Entry } from "./catalogue";

/** What find(1) says of one path. */
export interface Found {
  entry: Entry;
  uid: number;
  gid: number;
  /** Of what has several names and is no folder. */
  inode?: string;
}

/** Digits in their one form: bytes of a file that is all hole may have nineteen. */
const whole = /^(0|[1-9]\d{0,19})$/;
const time = /^-?\d{1,20}(\.\d{1,10})?$/;
const highestId = 2 ** 32 - 1;

/** How each field has to look, in their order. Sockets are left out; doors and unknown types are nothing of Linux. */
const forms = [/^[fdlpbc]$/, /^[0-7]{1,4}$/, whole, whole, whole, whole, time, time, whole, whole];

/**
 * Type, mode, owner, size, blocks of 512 bytes, two times, number of names, inode; and where a link leads.
 *
 * @returns `undefined` when these are not the fields that find(1) writes
 */
export function foundIn(fields: string, target: string): Found | undefined {
  const words = fields.split("\t", forms.length + 1);
  const [type = "", mode, uid, gid, size, blocks, modified, changed, links, inode] = words;
  if (!haveForm(words) || (target !== "" && type !== "l")) return undefined;
  const isFile = type === "f";
  const entry: Entry = {
    signature: [type, mode, uid, gid, isFile ? size : "-", modified, target].join("\t"),
    type,
    bytes: isFile ? Math.min(Number(size), Number(blocks) * 512) : 0,
    changed: Number(changed),
  };
  const isOneOfSeveral = type !== "d" && Number(links) > 1;
  return { entry, uid: Number(uid), gid: Number(gid), ...(isOneOfSeveral ? { inode } : {}) };
}

function haveForm(words: string[]): boolean {
  const [, , uid, gid] = words;
  const haveOwner = Number(uid) <= highestId && Number(gid) <= highestId;
  return words.length === forms.length && haveOwner && forms.every((form, index) => form.test(words[index] ?? ""));
}
