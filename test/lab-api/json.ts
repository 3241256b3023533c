/** An answer's body, looked into by tests as deep as they like. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;
