/** Transactions that ask as somebody and see live rows only. */
import { is, sql } from "drizzle-orm";
import { type PgTransactionConfig, PgTransaction } from "drizzle-orm/pg-core";
import { untilEnd } from "./end.ts";
import { told } from "./errors.ts";
import { type Identity, settingsOf } from "./identity.ts";
import { type Database, live, type Live } from "./live.ts";

/** The transaction that a database of some driver gives. */
export type TransactionOf<Db extends Database> = Parameters<Parameters<Db["transaction"]>[0]>[0];

/**
 * Carry out `work` in a transaction of an identity: its role, its claims, its settings hold until it ends, and nothing
 * of them outlives it, in a pool or behind a pooler of transactions. Queries leave out what is deleted softly.
 *
 * An error is the database's own, without the query's parameters; a refusal of the schema is a `Refusal`.
 */
export async function withIdentity<Db extends Database, Result>(
  db: Db,
  identity: Identity,
  work: (tx: Live<TransactionOf<Db>>) => Promise<Result>,
  config?: PgTransactionConfig,
): Promise<Result> {
  if (is(db, PgTransaction)) {
    throw new TypeError("A transaction is one identity's until it ends: another identity takes another transaction.");
  }
  try {
    return await db.transaction(async (tx) => {
      const settings = settingsOf(identity).map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
      await tx.execute(sql`select ${sql.join(settings, sql`, `)}`);
      const result = await untilEnd(tx as TransactionOf<Db>, (own) => work(live(own)));
      await tx.execute(sql`select`); // raises where a query has failed, which COMMIT would undo without a word
      return result;
    }, config);
  } catch (error) {
    throw told(error);
  }
}
