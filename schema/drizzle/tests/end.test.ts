/** A transaction ends: what is asked later is refused, and what had failed before is not told as committed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { errors, functions, member, restore, service, withIdentity } from "../src/index.ts";
import { tenants as table, verifiedWhatsappNumbers as numbers } from "../schema.ts";
import type { TransactionOf } from "../src/session.ts";
import { db, other, refused, tenant } from "./ask.ts";

type Tx = TransactionOf<typeof db>;
type Asked = () => PromiseLike<unknown>;

const ENDED = /The transaction has ended/;
const period = { tenantId: other, fromDay: "2026-01-01", toDay: "2026-01-02" };

/** What is made of a transaction while it is open, and asked when it has ended; `whole` sees what is deleted, too. */
const ways: Record<string, (tx: Tx, whole: Tx) => Asked> = {
  execute: (tx) => () => tx.execute(sql`select 1`),
  select: (tx) => () => tx.select().from(numbers),
  "relational query": (_, whole) => () => whole.query.tenants.findMany(),
  "relational query that is built": (_, whole) => {
    const query = whole.query.tenants.findFirst();
    return () => query;
  },
  count: (tx) => () => tx.$count(numbers),
  insert: (tx) => () => tx.insert(table).values({ name: "Late" }),
  update: (tx) => () => tx.update(table).set({ name: "Late" }),
  delete: (tx) => () => tx.delete(table),
  function: (tx) => () => functions.usageBetween(tx, period),
  "query that is built": (tx) => {
    const query = tx.select().from(numbers).where(eq(numbers.tenantId, other));
    return () => query;
  },
  "statement that is built": (tx) => {
    const statement = tx.execute(sql`select 1`);
    return () => statement;
  },
  "query that is prepared": (tx) => {
    const query = tx.select().from(numbers).prepare("late_numbers");
    return () => query.execute();
  },
  "insert that is prepared": (tx) => {
    const query = tx.insert(table).values({ name: "Late" }).prepare("late_tenant");
    return () => query.execute();
  },
  transaction: (tx) => () => tx.transaction(async () => undefined),
  "transaction's settings": (tx) => () => tx.setTransaction({ accessMode: "read only" }),
};

for (const [name, make] of Object.entries(ways)) {
  test(`nothing reaches the transaction that follows: ${name}`, async () => {
    const asked = await withIdentity(db, member(tenant), async (tx) => {
      const whole = tx.includeDeleted;
      const nested = await tx.transaction(async (inner) => make(inner, whole));
      return [
        make(tx, whole),
        make(whole, whole),
        nested,
        await whole.transaction(async (inner) => make(inner, inner)),
      ];
    });
    await withIdentity(db, member(other), async (tx) => {
      for (const late of asked) await assert.rejects(async () => late(), ENDED);
      assert.equal(await tx.$count(table, eq(table.name, "Late")), 0);
    });
  });
}

test("branch that is left behind by a failure asks nothing more", async () => {
  const failure = new Error("the other branch failed");
  const { promise: ended, resolve: end } = deferred();
  let branch: Promise<unknown> | undefined;
  const work = withIdentity(db, member(tenant), (tx) => {
    branch = tx
      .select()
      .from(table)
      .then(() => ended)
      .then(() => tx.update(table).set({ name: "Late" }));
    return Promise.all([branch, Promise.reject(failure)]);
  });
  await assert.rejects(work, failure);
  await withIdentity(db, member(other), async () => {
    end();
    await assert.rejects(async () => branch, ENDED);
  });
});

test("nested transaction that is left behind ends first", async () => {
  const { promise: waiting, resolve: go } = deferred();
  let nested: Promise<unknown> | undefined;
  let told = "";
  const work = withIdentity(db, member(tenant), async (tx) => {
    nested = tx.transaction(() => waiting).finally(() => (told = "nested"));
    nested.catch(() => undefined);
    await tx.execute(sql`select 1`);
    setTimeout(go, 50);
    throw new Error("changed my mind");
  });
  await assert.rejects(work, /changed my mind/);
  assert.equal(told, "nested");
  await assert.rejects(async () => nested, ENDED);
});

const lost = { name: "Lost" };
const countLost = () => withIdentity(db, service(), (tx) => tx.$count(table, eq(table.name, lost.name)));

test("failure that is caught inside does not pass for a commit", async () => {
  const done = withIdentity(db, service(), async (tx) => {
    await tx.insert(table).values(lost);
    await assert.rejects(restore(tx, table, tenant, { tenantId: tenant }), errors.NoSuchRow);
  });
  await refused("25P02", done);
  assert.equal(await countLost(), 0);
});

test("failure that nobody has awaited does not pass for a commit", async () => {
  const done = withIdentity(db, service(), async (tx) => {
    await tx.insert(table).values(lost);
    tx.execute(sql`select 1 / 0`).catch(() => undefined);
  });
  await refused("25P02", done);
  assert.equal(await countLost(), 0);
});

test("failure that is caught around a nested transaction leaves the rest", async () => {
  await withIdentity(db, service(), async (tx) => {
    await tx.insert(table).values({ name: "Kept" });
    const nested = tx.transaction((inner) => restore(inner, table, tenant, { tenantId: tenant }));
    await assert.rejects(nested, errors.NoSuchRow);
  });
  assert.equal(await withIdentity(db, service(), (tx) => tx.$count(table, eq(table.name, "Kept"))), 1);
});

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
