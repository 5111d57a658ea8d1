/** The end of a transaction: what was made of it asks nothing afterwards, when its connection may be another's. */
import type { PgDatabase } from "drizzle-orm/pg-core";
import { bound, type Builder } from "./builder.ts";

interface End {
  reached: boolean;
  /** Those that are open may still have a savepoint to roll back to. */
  readonly nested: Promise<unknown>[];
}

/** Carry out `work` with a transaction that refuses every query from when the work is done. */
export async function untilEnd<Transaction extends PgDatabase<any, any, any>, Result>(
  transaction: Transaction,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const end: End = { reached: false, nested: [] };
  try {
    return await work(ending(transaction, end));
  } finally {
    end.reached = true;
    await Promise.allSettled(end.nested);
  }
}

/** The same transaction anew, by a session of its own: whatever Drizzle executes, its session has prepared. */
function ending<Transaction extends object>(transaction: Transaction, end: End): Transaction {
  const { dialect, session, schema, nestedIndex } = transaction as Record<string, any>;
  const prepare = bound(session, "prepareQuery");
  const prepareQuery = (...given: unknown[]) => executing(prepare(...given), end);
  const own = Object.create(session, { prepareQuery: { value: prepareQuery } });
  const made: Builder = Reflect.construct(transaction.constructor, [dialect, own, schema, nestedIndex]);
  const nest = bound(made, "transaction");
  made["transaction"] = async (work) => {
    refuseAfter(end);
    const nested = nest((inner: object) => work(ending(inner, end)));
    end.nested.push(nested);
    return nested;
  };
  return made as Transaction;
}

function executing(query: Record<string, any>, end: End): Builder {
  // Drizzle's cache goes by statement and parameters alone, and would give one tenant what another has read.
  if (query["queryMetadata"]?.type === "select") query["cache"] = undefined;
  for (const name of ["execute", "all"]) {
    const execute = bound(query, name);
    query[name] = async (...given: unknown[]) => (refuseAfter(end), execute(...given));
  }
  return query;
}

function refuseAfter({ reached }: End): void {
  if (reached) throw new TypeError("The transaction has ended: await all that it is asked before its work returns.");
}
