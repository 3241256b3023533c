import { ApiError } from "./api-error";

/** The body as an object; none at all is an empty one (`poweroff` is sent without). */
export function parseBody(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(400, "json_error", "the body is not valid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ApiError(400, "json_error", "the body has to be a JSON object");
  }
  return value as Record<string, unknown>;
}
