/** Collections of Hetzner's that the lab has not. A bare 404 would tell a client that there is nothing of the kind. */
const MISSING = ["storage_box_types", "storage_boxes"];

/** The name of the missing collection that a path below /v1 begins with. */
export function missingCollection(path: string): string | undefined {
  return MISSING.find((name) => path === `/v1/${name}` || path.startsWith(`/v1/${name}/`));
}
