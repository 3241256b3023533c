import type { Fields } from "../http/fields";

const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** The `name` of a server: a host name by RFC 1123. */
export function hostName(fields: Fields): string {
  const name = fields.required("name");
  if (name !== "" && !HOST_NAME.test(name)) fields.reject("name", `is not a valid host name: '${name}'`);
  return name;
}
