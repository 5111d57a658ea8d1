/** What the tests share: a pool with one connection to the sampled database, its two tenants, refusals by SQLSTATE. */
import assert from "node:assert/strict";
import { after } from "node:test";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import * as schema from "../schema.ts";

/** The role that the tests log in as. */
export const login = decodeURIComponent(new URL(told("DATABASE_URL")).username);

// One connection, so that each transaction gets the one that the last has used.
const pool = new pg.Pool({ connectionString: told("DATABASE_URL"), max: 1 });
after(() => pool.end());

export const db = drizzle(pool, { schema });
export const tenants = [told("TENANT_1"), told("TENANT_2")] as const;
export const [tenant, other] = tenants;

/** The workspace that both tenants have connected, and the number that both have verified. */
export const sharedWorkspaceId = told("SHARED_WORKSPACE_ID");
export const sharedPhoneNumber = told("SHARED_PHONE_NUMBER");

function told(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run these tests by pytest suites/typescript_access`);
  return value;
}

/** Return the first of some, which must be there. */
export function first<T>(some: readonly T[]): T {
  const [found] = some;
  assert.ok(found !== undefined);
  return found;
}

/** Expect the database to refuse with an SQLSTATE. */
export async function refused(sqlstate: string, asked: Promise<unknown>): Promise<Error> {
  const error: unknown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(error instanceof Error, `not refused with ${sqlstate}`);
  const code = "sqlstate" in error ? error.sqlstate : "code" in error ? error.code : undefined;
  assert.equal(code, sqlstate, error.message);
  return error;
}
