import { text } from "../read/text";

const WORDS = ["pick", "identity", "no"];
const BASE = /^([1-9]\d{0,9})(?::65536)?$/;

/** `PrivateUsers=` of systemd.nspawn(5): a range of 65536 users, picked or given, or none of its own. */
export const privateUsers = text({
  allowed: 'be "pick", "identity", "no", or the first user id of a range, a multiple of 65536 such as 524288',
  test: (value) => {
    if (WORDS.includes(value)) return true;
    const base = Number(BASE.exec(value)?.[1] ?? 0);
    return base >= 65536 && base % 65536 === 0 && base <= 0x7ffe0000;
  },
});
