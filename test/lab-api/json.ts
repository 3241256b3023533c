/** An answer's body, looked into by tests as deep as they like. */

export type Json = any;
