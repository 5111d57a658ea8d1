/** INSERTs that name the columns they give, and no other. */
import { type Column, getTableColumns } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { bound, type Builder } from "./builder.ts";

const COLUMNS = Symbol.for("drizzle:Columns");

/**
 * Have an INSERT name what is given. Drizzle's own names every column of the table, as DEFAULT what is not given, for
 * which PostgreSQL wants the privilege: members have it by column.
 */
export function insertGiven(builder: Builder, table: PgTable): Builder {
  const values = bound(builder, "values");
  builder["values"] = (given: object | object[]) => {
    const query = values(given);
    const build = bound(query.dialect, "buildInsertQuery");
    const named = narrowed(table, [given].flat());
    query.getSQL = () => build({ ...query.config, table: named });
    return query;
  };
  return builder;
}

/** The table as one that has no columns but those of some rows, and those that Drizzle fills. */
function narrowed(table: PgTable, rows: object[]): PgTable {
  const given = new Set(rows.flatMap((row) => Object.entries(row)).map(([key, value]) => value !== undefined && key));
  const entries: [string, Column][] = Object.entries(getTableColumns(table));
  const columns = Object.fromEntries(entries.filter(([key, column]) => given.has(key) || column.defaultFn));
  return new Proxy(table, { get: (target, name) => (name === COLUMNS ? columns : Reflect.get(target, name)) });
}
