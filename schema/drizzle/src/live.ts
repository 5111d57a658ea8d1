/** Queries that leave out what is deleted softly, in whatever they read, join, update or delete. */
import { and, getTableColumns, is, isNull, type SQL, Table, type Column } from "drizzle-orm";
import type { PgDatabase, PgTable } from "drizzle-orm/pg-core";
import { bound, type Builder, type Method } from "./builder.ts";
import { insertGiven } from "./insert.ts";

export type Database = PgDatabase<any, any, any>;

/** A transaction that sees live rows only; `includeDeleted` is the same transaction with no such care. */
export type Live<Transaction extends Database> = Transaction & { readonly includeDeleted: Transaction };

type Condition = SQL | undefined;
type Given = Condition | ((fields: unknown) => Condition);

const JOINS = ["leftJoin", "innerJoin"];
const OUTER_JOINS = ["rightJoin", "fullJoin"];

/** Return a transaction of which every query leaves out what is deleted softly. */
export function live<Transaction extends Database>(transaction: Transaction): Live<Transaction> {
  return new Proxy(transaction, {
    get(target, name, itself) {
      if (name === "includeDeleted") return target;
      if (name === "query") throw new TypeError("Relational queries see what is deleted: ask includeDeleted.query.");
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== "function") return found;
      const wrap = typeof name === "string" && Object.hasOwn(WRAPPED, name) ? WRAPPED[name] : undefined;
      const method = found.bind(target) as Method;
      return wrap ? wrap(method, itself) : method;
    },
  }) as Live<Transaction>;
}

const selecting =
  (method: Method) =>
  (...given: unknown[]) =>
    fromLive(method(...given));

const WRAPPED: Readonly<Record<string, (method: Method, itself: unknown) => Method>> = {
  select: selecting,
  selectDistinct: selecting,
  selectDistinctOn: selecting,
  insert: (method, itself) => (table: PgTable) =>
    upsertLive(askingLive(insertGiven(method(table), table), "select", itself), table),
  update: (method) => (table: unknown) => setLive(method(table), table),
  delete: (method) => (table: unknown) => guard(method(table), table),
  with:
    (method, itself) =>
    (...queries) =>
      withLive(method(...queries), itself),
  $with:
    (method, itself) =>
    (...given) =>
      askingLive(method(...given), "as", itself),
  $count: (method) => (source: unknown, filter?: Condition) => method(source, and(isLive(source), filter)),
  transaction:
    (method) =>
    (work: (tx: unknown) => unknown, ...config) =>
      method((nested: Database) => work(live(nested)), ...config),
};

function withLive(queries: Builder, itself: unknown): Builder {
  const wrapped = Object.entries(queries).map(([name, method]) => [name, WRAPPED[name]?.(method, itself) ?? method]);
  return Object.fromEntries(wrapped);
}

/** Have a method that takes a query, or a function that makes one of a builder, give that function `itself`. */
function askingLive(builder: Builder, name: string, itself: unknown): Builder {
  const method = bound(builder, name);
  builder[name] = (query: unknown, ...others) => method(typeof query === "function" ? query(itself) : query, ...others);
  return builder;
}

function fromLive(builder: Builder): Builder {
  const from = bound(builder, "from");
  builder["from"] = (source: unknown) => guard(from(source), source);
  return builder;
}

function setLive(builder: Builder, table: unknown): Builder {
  const set = bound(builder, "set");
  builder["set"] = (values: unknown) => guard(set(values), table);
  return builder;
}

/** Have an INSERT leave the deleted rows that it meets as they are. */
function upsertLive(builder: Builder, table: PgTable): Builder {
  for (const name of ["values", "select"]) {
    const method = bound(builder, name);
    builder[name] = (given: unknown) => {
      const query = method(given);
      const update = bound(query, "onConflictDoUpdate");
      query.onConflictDoUpdate = ({ where, setWhere, ...conflict }: Record<string, Condition>) =>
        update({ ...conflict, setWhere: and(isLive(table), where, setWhere) });
      return query;
    };
  }
  return builder;
}

/** Have a query say of all that it reads that it is live, beside what it says itself. */
function guard(query: Builder, source: unknown): Builder {
  const conditions = [isLive(source)];
  const where = bound(query, "where");
  let given: Given;
  const apply = () => where(both(given, and(...conditions)));
  query["where"] = (condition: Given) => ((given = condition), apply());
  for (const name of ["crossJoin", "from"].filter((name) => name in query)) {
    const join = bound(query, name);
    query[name] = (joined: unknown) => (join(joined), conditions.push(isLive(joined)), apply());
  }
  for (const name of JOINS.filter((name) => name in query)) {
    const join = bound(query, name);
    query[name] = (joined: unknown, on: Given) => join(joined, both(on, isLive(joined)));
  }
  for (const name of OUTER_JOINS.filter((name) => name in query)) query[name] = () => refuseJoin(name);
  return apply();
}

/** A right or full join brings in rows for which nothing was found, among them those of what is deleted. */
function refuseJoin(name: string): never {
  throw new TypeError(`${name} could bring in what is deleted: turn it into a leftJoin, or ask includeDeleted.`);
}

function both(given: Given, condition: Condition): Given {
  return typeof given === "function" ? (fields) => and(given(fields), condition) : and(given, condition);
}

/** That a row of a table is live; nothing to say of views, which show live rows, and of subqueries, which say it. */
function isLive(source: unknown): Condition {
  const { deletedAt } = is(source, Table) ? (getTableColumns(source) as Record<string, Column>) : {};
  return deletedAt && isNull(deletedAt);
}
