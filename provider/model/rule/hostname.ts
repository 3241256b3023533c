import { text } from "../read/text";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** Labels in lower case, with dots between; no address. */
export const isHostName = (value: string): boolean => HOSTNAME.test(value) && !/^[\d.]+$/.test(value);

/** hostname(7) with the kernel's limit of 64 characters. */
export const hostname = text({
  allowed: "be a host name: lower-case letters, digits, inner hyphens and dots, 64 characters at most",
  max: 64,
  test: isHostName,
});

const ZONE = /^[A-Za-z][A-Za-z0-9_+-]{0,30}(?:\/[A-Za-z0-9][A-Za-z0-9_+-]{0,30}){0,2}$/;

/** A name of tzdata. Whether it exists is for the image to say. */
export const timezone = text({
  allowed: "be a time zone such as Europe/Berlin",
  max: 64,
  test: (value) => ZONE.test(value),
});
