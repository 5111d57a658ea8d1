/** What is deleted softly is gone from queries, whichever way they take, and comes back whole. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { and, count, eq, exists, getTableColumns, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { alias, unionAll } from "drizzle-orm/pg-core";
import { errors, type Live, member, readable, restore, service, softDelete, withIdentity } from "../src/index.ts";
import * as schema from "../schema.ts";
import { slackConnections, slackUserMappings, tenants, verifiedWhatsappNumbers } from "../schema.ts";
import type { TransactionOf } from "../src/session.ts";
import { db, first, other, tenant } from "./ask.ts";

type Tx = Live<TransactionOf<typeof db>>;

class Undone extends Error {}

/** Have the back end do something that is undone afterwards. */
async function undone(work: (tx: Tx) => Promise<void>): Promise<void> {
  const done = withIdentity(db, service(), async (tx) => {
    await work(tx);
    throw new Undone();
  });
  await assert.rejects(done, Undone);
}

const deleted = isNotNull(verifiedWhatsappNumbers.deletedAt);
const numbers = verifiedWhatsappNumbers;
const tables = [
  schema.communicationLogs,
  schema.slackConnections,
  schema.slackUserMappings,
  schema.tenants,
  schema.usageStatistics,
  schema.verifiedWhatsappNumbers,
  schema.webhookAttempts,
  schema.webhookDeliveries,
  schema.whatsappVerifications,
];

for (const table of tables) {
  test("queries leave out what is deleted", () =>
    undone(async (tx) => {
      const gone = first(await tx.insert(tenants).values({ name: "Gone" }).returning());
      await softDelete(tx, tenants, gone.tenantId, { tenantId: gone.tenantId });
      const everything = await tx.includeDeleted.select().from(table);
      const live = everything.filter((row) => row.deletedAt === null);
      assert.ok(live.length > 0 && live.length < everything.length);
      const aliased = alias(table, "aliased");
      assert.equal((await tx.select().from(table)).length, live.length);
      assert.equal((await tx.select().from(aliased)).length, live.length);
      assert.equal((await tx.select().from(table).where(isNotNull(table.deletedAt))).length, 0);
      assert.equal(first(await tx.select({ count: count() }).from(table)).count, live.length);
      assert.equal(await tx.$count(table), live.length);
      assert.equal(await tx.includeDeleted.$count(table), everything.length);
    }));
}

const everyDeleted = sql`select * from public.verified_whatsapp_numbers where deleted_at is not null`;
const touch = {
  target: [numbers.tenantId, numbers.verifiedWhatsappNumberId],
  set: { label: "Touched" },
};

/** Queries that reach numbers by something else than a plain FROM; of a transaction that sees all, they find some. */
const ways: Record<string, (tx: Tx | Tx["includeDeleted"]) => Promise<unknown[]>> = {
  where: (tx) => tx.select().from(numbers).where(deleted),
  "where of a function": (tx) =>
    tx
      .select({ at: numbers.deletedAt })
      .from(numbers)
      .where(({ at }) => isNotNull(at)),
  distinct: (tx) => tx.selectDistinct().from(numbers).where(deleted),
  "distinct on": (tx) => tx.selectDistinctOn([numbers.tenantId]).from(numbers).where(deleted),
  subquery: (tx) => tx.select().from(tx.select().from(numbers).where(deleted).as("inner")),
  cte: (tx) => {
    const found = tx.$with("found").as(tx.select().from(numbers).where(deleted));
    return tx.with(found).select().from(found);
  },
  "cte of a function": (tx) => {
    const found = tx.$with("found").as((asking) => asking.select().from(numbers).where(deleted));
    return tx.with(found).select().from(found);
  },
  "insert of a selection": (tx) =>
    tx
      .insert(tenants)
      .select((asking) =>
        asking
          .select({
            ...getTableColumns(tenants),
            tenantId: sql<string>`gen_random_uuid()`.as("tenant_id"),
          })
          .from(tenants)
          .innerJoin(numbers, deleted),
      )
      .returning(),
  "beside a cte": (tx) => {
    const one = tx.$with("one").as(tx.select({ one: sql`1`.as("one") }).from(sql`(select) as nothing`));
    return tx.with(one).select().from(numbers).where(deleted);
  },
  union: (tx) => unionAll(tx.select().from(numbers).where(deleted), tx.select().from(numbers).where(deleted)),
  exists: (tx) =>
    tx
      .select()
      .from(tenants)
      .where(exists(tx.select().from(numbers).where(deleted))),
  in: (tx) => {
    const ids = tx.select({ id: numbers.tenantId }).from(numbers).where(deleted);
    return tx.select().from(tenants).where(inArray(tenants.tenantId, ids));
  },
  "inner join": (tx) => tx.select().from(tenants).innerJoin(numbers, deleted),
  "inner join of a function": (tx) =>
    tx
      .select({ at: numbers.deletedAt })
      .from(tenants)
      .innerJoin(numbers, ({ at }) => isNotNull(at)),
  "left join": (tx) => tx.select().from(tenants).leftJoin(numbers, deleted).where(deleted),
  "cross join": (tx) => tx.select().from(tenants).crossJoin(numbers).where(deleted),
  "nested transaction": (tx) => tx.transaction((nested) => nested.select().from(numbers).where(deleted)),
  update: (tx) => tx.update(numbers).set({ label: "Touched" }).where(deleted).returning(),
  "update of all": async (tx) =>
    (await tx.update(numbers).set({ label: "Touched" }).returning()).filter((row) => row.deletedAt !== null),
  "update from": (tx) => tx.update(tenants).set({ name: "Touched" }).from(numbers).where(deleted).returning(),
  delete: (tx) => tx.delete(numbers).where(deleted).returning(),
  upsert: async (tx) => {
    const row = first(
      (await tx.execute<{ tenant_id: string; verified_whatsapp_number_id: string }>(everyDeleted)).rows,
    );
    const given = { tenantId: row.tenant_id, verifiedWhatsappNumberId: row.verified_whatsapp_number_id };
    const values = { ...given, phoneNumber: "+4930555097" };
    return tx.insert(numbers).values(values).onConflictDoUpdate(touch).returning();
  },
  "upsert of a selection": (tx) => tx.insert(numbers).select(everyDeleted).onConflictDoUpdate(touch).returning(),
  "upsert with a condition": (tx) => {
    const conflict = { ...touch, setWhere: isNull(numbers.label) };
    return tx.insert(numbers).select(everyDeleted).onConflictDoUpdate(conflict).returning();
  },
};

describe("no way leads to what is deleted", () => {
  for (const [name, way] of Object.entries(ways)) {
    test(name, () =>
      undone(async (tx) => {
        assert.deepEqual(await way(tx), []);
        assert.ok((await way(tx.includeDeleted)).length > 0, "the control");
      }),
    );
  }
});

test("rows that are left of a join stay", () =>
  undone(async (tx) => {
    const joined = await tx
      .select()
      .from(tenants)
      .leftJoin(numbers, sql`false`);
    assert.deepEqual(
      joined.map((row) => row.verified_whatsapp_numbers),
      [null, null],
    );
  }));

test("joins that would bring in what is deleted are refused, and relational queries", () =>
  undone(async (tx) => {
    assert.throws(
      () =>
        tx
          .select()
          .from(tenants)
          .rightJoin(numbers, sql`true`),
      TypeError,
    );
    assert.throws(
      () =>
        tx
          .select()
          .from(tenants)
          .fullJoin(numbers, sql`true`),
      TypeError,
    );
    assert.throws(() => tx.query, TypeError);
  }));

test("member deletes a row with what hangs on it and restores it", async () => {
  const people = () => withIdentity(db, member(tenant), (tx) => tx.select().from(slackUserMappings));
  const before = await people();
  const id = first(before).slackConnectionId;
  const hanging = before.filter((row) => row.slackConnectionId === id);
  const find = (tx: Tx) =>
    tx.select(readable(slackConnections)).from(slackConnections).where(eq(slackConnections.slackConnectionId, id));
  await withIdentity(db, member(tenant), async (tx) => {
    assert.equal((await find(tx)).length, 1);
    await softDelete(tx, slackConnections, id);
    assert.equal((await find(tx)).length, 0);
  });
  const ids = (rows: typeof before) => rows.map((row) => row.slackUserMappingId).sort();
  assert.deepEqual(ids(await people()), ids(before.filter((row) => !hanging.includes(row))));
  const restored = await withIdentity(db, member(tenant), (tx) => restore(tx, slackConnections, id));
  assert.equal(restored, 1 + hanging.length);
  assert.deepEqual(ids(await people()), ids(before));
});

test("back end deletes a row, finds it among the deleted and restores it", () =>
  undone(async (tx) => {
    const row = first(await tx.select().from(numbers).where(eq(numbers.tenantId, tenant)));
    const same = eq(numbers.verifiedWhatsappNumberId, row.verifiedWhatsappNumberId);
    const deletionId = await softDelete(tx, numbers, row.verifiedWhatsappNumberId, { tenantId: tenant });
    assert.deepEqual(await tx.select().from(numbers).where(same), []);
    const [gone] = await tx.includeDeleted.select().from(numbers).where(same);
    assert.equal(gone?.deletionId, deletionId);
    assert.ok((await restore(tx, numbers, row.verifiedWhatsappNumberId, { tenantId: tenant })) >= 1);
    const [back] = await tx
      .select()
      .from(numbers)
      .where(and(same, isNull(numbers.deletionId)));
    assert.equal(back?.phoneNumber, row.phoneNumber);
  }));

test("row of another tenant is refused as one that is not there", async () => {
  const theirs = first(
    await withIdentity(db, member(other), (tx) => tx.select(readable(slackConnections)).from(slackConnections)),
  );
  for (const id of [theirs.slackConnectionId, randomUUID()]) {
    await assert.rejects(
      withIdentity(db, member(tenant), (tx) => softDelete(tx, slackConnections, id)),
      errors.NoSuchRow,
    );
    await assert.rejects(
      withIdentity(db, member(tenant), (tx) => restore(tx, slackConnections, id)),
      errors.NoSuchRow,
    );
  }
});

test("restoring where a live row has taken the place names it", () =>
  undone(async (tx) => {
    const row = first(await tx.select().from(numbers).where(eq(numbers.tenantId, tenant)));
    await softDelete(tx, numbers, row.verifiedWhatsappNumberId, { tenantId: tenant });
    const rival = first(
      await tx.insert(numbers).values({ tenantId: tenant, phoneNumber: row.phoneNumber }).returning(),
    );
    await assert.rejects(
      tx.transaction((nested) => restore(nested, numbers, row.verifiedWhatsappNumberId, { tenantId: tenant })),
      (error) => error instanceof errors.PlaceTaken && error.detail === rival.verifiedWhatsappNumberId,
    );
  }));

test("restoring under a deleted parent is refused", () =>
  undone(async (tx) => {
    const row = first(await tx.select().from(slackUserMappings).where(eq(slackUserMappings.tenantId, tenant)));
    await softDelete(tx, slackUserMappings, row.slackUserMappingId, { tenantId: tenant });
    await softDelete(tx, slackConnections, row.slackConnectionId, { tenantId: tenant });
    await assert.rejects(
      restore(tx, slackUserMappings, row.slackUserMappingId, { tenantId: tenant }),
      errors.DeletedParent,
    );
  }));
