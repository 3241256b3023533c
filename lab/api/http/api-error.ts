/** An answer with Hetzner's error body. `details.fields` always stands with `invalid_input`: clients read it unchecked. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: unknown = null,
  ) {
    super(message);
    this.name = "ApiError";
  }

  static notFound(what: string, id: number | string): ApiError {
    return new ApiError(404, "not_found", `${what} with ID '${id}' not found`);
  }

  static invalid(field: string, message: string): ApiError {
    return ApiError.invalidFields([{ name: field, messages: [message] }]);
  }

  static invalidFields(fields: { name: string; messages: string[] }[]): ApiError {
    const summary = fields.map((field) => `invalid input in field '${field.name}': ${field.messages.join(", ")}`);
    return new ApiError(422, "invalid_input", summary.join("; "), { fields });
  }

  static notUnique(field: string, message = `${field} is already used`): ApiError {
    return new ApiError(409, "uniqueness_error", message, { fields: [{ name: field }] });
  }

  /** Somebody else changes it just now. Clients try again by themselves, which they do not after `locked`. */
  static conflict(what: string): ApiError {
    return new ApiError(409, "conflict", `${what} is being changed by another request, try again`);
  }

  static locked(what: string): ApiError {
    return new ApiError(423, "locked", `cannot perform operation because ${what} is locked`);
  }

  static isProtected(what: string): ApiError {
    return new ApiError(403, "protected", `${what} deletion is protected`);
  }

  static unsupported(what: string): ApiError {
    return new ApiError(422, "unsupported_error", `${what} is not available in the lab`);
  }
}
