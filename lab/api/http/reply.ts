/** What a handler answers; `body` undefined means no body (204). */
export interface Reply {
  status: number;
  body?: unknown;
}
