/** Typed access to the messaging schema: tables, functions, and transactions under row-level security. */
export * as errors from "./errors.ts";
export { Refusal } from "./errors.ts";
export * as functions from "./functions.ts";
export { anon, type Identity, member, service } from "./identity.ts";
export type { Live } from "./live.ts";
export { type Deletable, readable, restore, softDelete } from "./rows.ts";
export { withIdentity } from "./session.ts";
export * as schema from "../schema.ts";
