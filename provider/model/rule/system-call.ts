import { nearest } from "../read/nearest";
import { text } from "../read/text";
import { callGroups, calls } from "../system-calls";

/** A system call or a group of them, denied with `~` before it. */
export const systemCall = text({
  allowed: "be a system call or a group of systemd 252, such as @keyring, with `~` before it to deny it",
  max: 64,
  test: (value) => {
    const name = value.replace(/^~/, "");
    const names = name.startsWith("@") ? callGroups : calls;
    if (names.includes(name)) return true;
    const near = /^[@a-z0-9_-]+$/.test(name) ? nearest(name, names) : undefined;
    return near === undefined ? false : `did you mean ${near}?`;
  },
});
