/** The schema's refusals as errors: an own class for each SQLSTATE that a service can meet. */
import { DrizzleQueryError } from "drizzle-orm";

/** The database refused, with an SQLSTATE of class SP. No message quotes a personal or secret value. */
export class Refusal extends Error {
  readonly sqlstate: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor(told: Told) {
    super(`${told.code}: ${told.message}`, { cause: told });
    this.name = new.target.name;
    this.sqlstate = told.code;
    this.detail = told.detail;
    this.hint = told.hint;
  }
}

/** An argument is missing, or breaks the constraint that the message names. */
export class InvalidArgument extends Refusal {}

/** The tenant has no such live row. */
export class NoLiveRow extends Refusal {}

/** A ciphertext is damaged, or was made for another row or with another key. */
export class DamagedCiphertext extends Refusal {}

/** The key of this version is missing from the registry or from Vault. */
export class MissingKey extends Refusal {}

/** A code has 4 to 10 digits. */
export class InvalidCodeLength extends Refusal {}

/** Codes are requested under READ COMMITTED only. */
export class WrongIsolationLevel extends Refusal {}

/** There is no such row to delete or restore, for this caller and in this state. */
export class NoSuchRow extends Refusal {}

/** A live row has taken the place of one to restore; its id is `detail`. */
export class PlaceTaken extends Refusal {}

/** What a row to restore belongs to is deleted. */
export class DeletedParent extends Refusal {}

/** Two days are no period. */
export class InvalidPeriod extends Refusal {}

const KINDS: Readonly<Record<string, typeof Refusal>> = {
  SP001: InvalidArgument,
  SP002: NoLiveRow,
  SP101: DamagedCiphertext,
  SP102: MissingKey,
  SP201: InvalidCodeLength,
  SP202: WrongIsolationLevel,
  SP401: NoSuchRow,
  SP402: PlaceTaken,
  SP403: DeletedParent,
  SP501: InvalidPeriod,
};

/** What drivers say of an error of the database. */
interface Told extends Error {
  code: string;
  detail?: string | undefined;
  hint?: string | undefined;
}

/**
 * Return an error as the database told it: a refusal of the schema as such, none with a query's parameters, and none of
 * a broken constraint (class 23) with its detail, which holds the row.
 */
export function told(error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? (error.cause ?? error) : error;
  if (isTold(cause, /^SP\d{3}$/)) return new (KINDS[cause.code] ?? Refusal)(cause);
  return isTold(cause, /^23...$/) ? Object.assign(cause, { detail: undefined }) : cause;
}

function isTold(error: unknown, code: RegExp): error is Told {
  return error instanceof Error && "code" in error && typeof error.code === "string" && code.test(error.code);
}
