/** Rows of a table: the columns that members may read, soft deletion and restoring by the schema's functions. */
import { getTableColumns, getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { type DeletableTable, sealed } from "../schema.ts";
import type { Asking } from "./call.ts";
import * as functions from "./functions.ts";

type Sealed = typeof sealed;
type SealedIn<Name> = Name extends keyof Sealed ? Sealed[Name][number] : never;

/** A table whose rows are deleted softly, by their id. */
export type Deletable = PgTable & { readonly _: { readonly name: DeletableTable } };

/**
 * Return the columns of a table that members may read, for `select` and `returning`: those of a member that name no
 * columns are refused where the table has others.
 */
export function readable<T extends PgTable>(table: T): Omit<T["_"]["columns"], SealedIn<T["_"]["name"]>> {
  const left: readonly string[] = (sealed as Readonly<Record<string, readonly string[]>>)[getTableName(table)] ?? [];
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !left.includes(name));
  return Object.fromEntries(columns) as Omit<T["_"]["columns"], SealedIn<T["_"]["name"]>>;
}

/** Delete a row softly, with what hangs on it, and return the deletion's id. The back end names the tenant. */
export function softDelete(
  asking: Asking,
  table: Deletable,
  rowId: string,
  { tenantId }: { tenantId?: string } = {},
): Promise<string> {
  return functions.softDelete(asking, { tableName: getTableName(table) as DeletableTable, rowId, tenantId });
}

/** Restore the deletion of a row, and return how many rows that brought back. The back end names the tenant. */
export function restore(
  asking: Asking,
  table: Deletable,
  rowId: string,
  { tenantId }: { tenantId?: string } = {},
): Promise<number> {
  return functions.restore(asking, { tableName: getTableName(table) as DeletableTable, rowId, tenantId });
}
