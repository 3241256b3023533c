import { text } from "../read/text";

const PATH = /^(?:\/[A-Za-z0-9_+@%,=~-][A-Za-z0-9._+@%,=~-]*)+$/;

/** Nothing there is a file in the usual sense: reading may never end, or change something. */
const NO_FILES = /^\/(proc|sys|dev|run)(\/|$)/;

export const isHostFile = (value: string): boolean => PATH.test(value) && !NO_FILES.test(value);

/** A file on the host. */
export const hostFile = text({
  allowed: "be the absolute path of a file on the host, without spaces, `..`, hidden parts or links to follow",
  max: 1000,
  test: (value) => {
    if (NO_FILES.test(value)) return "what is in /proc, /sys, /dev and /run is no file to keep";
    return PATH.test(value);
  },
});
