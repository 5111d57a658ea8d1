/** Calls of the schema's functions: arguments by name and with their type, rows with their columns. */
import { type Column, getTableColumns, getViewSelectedFields, is, type SQL, sql, Table, type View } from "drizzle-orm";
import type { PgDatabase, PgTable, PgView } from "drizzle-orm/pg-core";
import { told } from "./errors.ts";

/** A transaction or a database that is asked, of whichever driver. */
export type Asking = Pick<PgDatabase<any, any, any>, "select">;

type Arguments = Readonly<Record<string, readonly [value: unknown, type: string]>>;
type Decoder = (value: unknown) => unknown;
type Reader = readonly [column: string, decode?: Decoder];

/** Return the value that a function gives. */
export async function scalar<Value>(
  asking: Asking,
  name: string,
  given: Arguments,
  decode: Decoder = (value) => value,
): Promise<Value> {
  const { result } = await record<{ result: Value }>(asking, name, given, { result: ["result", decode] });
  return result;
}

/** Return the one row that a function gives. */
export async function record<Row>(
  asking: Asking,
  name: string,
  given: Arguments,
  columns: Readonly<Record<string, Reader>>,
): Promise<Row> {
  const [row] = await records<Row>(asking, name, given, columns);
  if (row === undefined) throw new Error(`The function ${name} gave no row.`);
  return row;
}

/** Return the rows that a function gives. */
export async function records<Row>(
  asking: Asking,
  name: string,
  given: Arguments,
  columns: Readonly<Record<string, Reader>>,
): Promise<Row[]> {
  const fields = Object.entries(columns).map(([key, [column, decode]]) => {
    const field = sql`${sql.identifier(column)}`;
    return [key, decode ? field.mapWith(decode) : field];
  });
  return ask(asking, Object.fromEntries(fields), sql`${called(name, given)} as "result"`) as Promise<Row[]>;
}

/** Return the rows of a table or view that a function gives. */
export async function table<Relation extends PgTable | PgView>(
  asking: Asking,
  name: string,
  given: Arguments,
  relation: Relation,
): Promise<Relation["$inferSelect"][]> {
  const columns = is(relation, Table) ? getTableColumns(relation) : getViewSelectedFields(relation as View);
  const fields = Object.entries(columns as Record<string, Column>).map(([key, column]) => {
    return [key, sql`${sql.identifier(column.name)}`.mapWith(column)];
  });
  return ask(asking, Object.fromEntries(fields), called(name, given)) as Promise<Relation["$inferSelect"][]>;
}

async function ask(asking: Asking, fields: Record<string, SQL>, source: SQL): Promise<unknown[]> {
  try {
    return await asking.select(fields).from(source);
  } catch (error) {
    throw told(error);
  }
}

/** A function with its arguments; one that is left out is the schema's default. */
function called(name: string, given: Arguments): SQL {
  const passed = Object.entries(given).filter(([, [value]]) => value !== undefined);
  const parts = passed.map(([argument, [value, type]]) => {
    const bound = type === "jsonb" ? JSON.stringify(value) : value;
    return sql`${sql.identifier(argument)} => ${sql.param(bound)}::${sql.raw(type)}`;
  });
  return sql`public.${sql.identifier(name)}(${sql.join(parts, sql`, `)})`;
}
