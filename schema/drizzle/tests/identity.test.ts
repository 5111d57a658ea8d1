/** A transaction is its identity's, as whoever asks sees rows of the own tenant, and nothing stays after. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import { eq, isNull, sql } from "drizzle-orm";
import { Cache } from "drizzle-orm/cache/core";
import { drizzle } from "drizzle-orm/node-postgres";
import { anon, type Identity, member, readable, service, withIdentity } from "../src/index.ts";
import { slackConnections, slackUserMappings, tenants as tenantsTable, verifiedWhatsappNumbers } from "../schema.ts";
import { webhookAttempts, whatsappVerifications } from "../schema.ts";
import { db, first, login, other, refused, sharedPhoneNumber, sharedWorkspaceId, tenant, tenants } from "./ask.ts";

const WHO = sql`select current_user::text as role, current_setting('request.jwt.claims', true) as claims`;

async function who(identity: Identity) {
  const told = await withIdentity(db, identity, (tx) => tx.execute<{ role: string; claims: string }>(WHO));
  return first(told.rows);
}

async function connectionOf(tenantId: string) {
  const found = await withIdentity(db, member(tenantId), (tx) =>
    tx
      .select(readable(slackConnections))
      .from(slackConnections)
      .where(eq(slackConnections.workspaceId, sharedWorkspaceId)),
  );
  return first(found);
}

async function person(tenantId: string, values: Partial<typeof slackUserMappings.$inferInsert> = {}) {
  const { slackConnectionId, workspaceId } = await connectionOf(values.tenantId ?? tenantId);
  return withIdentity(db, member(tenantId), (tx) =>
    tx
      .insert(slackUserMappings)
      .values({ tenantId, slackConnectionId, workspaceId, slackUserId: "U0PERSON", ...values })
      .returning(),
  );
}

for (const table of [tenantsTable, verifiedWhatsappNumbers, slackConnections, slackUserMappings, webhookAttempts]) {
  test("member reads rows of the own tenant only", async () => {
    const ids = (identity: Identity) =>
      withIdentity(db, identity, (tx) => tx.selectDistinct({ id: table.tenantId }).from(table));
    for (const tenantId of tenants) assert.deepEqual(await ids(member(tenantId)), [{ id: tenantId }]);
    assert.equal((await ids(service())).length, 2);
  });
}

test("two tenants insert the same and read their own", async () => {
  const made = new Map<string, string>();
  for (const tenantId of tenants) {
    const [mapping] = await person(tenantId, { personName: `Person of ${tenantId}`, metadata: { source: "hand" } });
    assert.ok(mapping);
    made.set(tenantId, mapping.slackUserMappingId);
  }
  for (const tenantId of tenants) {
    const found = await withIdentity(db, member(tenantId), (tx) =>
      tx.select().from(slackUserMappings).where(eq(slackUserMappings.slackUserId, "U0PERSON")),
    );
    assert.equal(found.length, 1);
    assert.equal(first(found).slackUserMappingId, made.get(tenantId));
    assert.equal(first(found).personName, `Person of ${tenantId}`);
    assert.deepEqual(first(found).metadata, { source: "hand" });
  }
});

test("member inserts nothing for another tenant", async () => {
  const error = await refused("42501", person(tenant, { tenantId: other, slackUserId: "U0OTHER" }));
  assert.match(error.message, /row-level security/, "and not for want of a privilege");
});

test("rows of one INSERT may give different columns", async () => {
  const { slackConnectionId, workspaceId } = await connectionOf(tenant);
  const row = { tenantId: tenant, slackConnectionId, workspaceId, personName: undefined };
  const made = await withIdentity(db, member(tenant), (tx) =>
    tx
      .insert(slackUserMappings)
      .values([
        { ...row, slackUserId: "U0ONE", metadata: { n: 1 } },
        { ...row, slackUserId: "U0TWO", personEmail: "two@example.com" },
      ])
      .returning(),
  );
  assert.deepEqual(
    made.map(({ metadata, personEmail }) => [metadata, personEmail]),
    [
      [{ n: 1 }, null],
      [{}, "two@example.com"],
    ],
  );
});

test("member's upsert writes what it sets, whether or not the INSERT gives it", async () => {
  const made = first(await person(tenant, { slackUserId: "U0UPSERT", personName: "Before" }));
  const { slackConnectionId, workspaceId, slackUserId } = made;
  const updated = await withIdentity(db, member(tenant), (tx) =>
    tx
      .insert(slackUserMappings)
      .values({ tenantId: tenant, slackConnectionId, workspaceId, slackUserId })
      .onConflictDoUpdate({
        target: [slackUserMappings.tenantId, slackUserMappings.workspaceId, slackUserMappings.slackUserId],
        targetWhere: isNull(slackUserMappings.deletedAt),
        set: { personName: "After", metadata: { n: 1 } },
      })
      .returning(),
  );
  assert.deepEqual(
    updated.map((row) => [row.slackUserMappingId, row.personName, row.metadata]),
    [[made.slackUserMappingId, "After", { n: 1 }]],
  );
});

test("update of all rows stays in the tenant, and the trigger writes when", async () => {
  const before = await withIdentity(db, member(tenant), (tx) => tx.select().from(verifiedWhatsappNumbers));
  const updated = await withIdentity(db, member(tenant), (tx) =>
    tx
      .update(verifiedWhatsappNumbers)
      .set({ label: "Mine", metadata: { floor: 3 } })
      .returning(),
  );
  assert.equal(updated.length, before.length);
  for (const row of updated) {
    assert.deepEqual([row.tenantId, row.label, row.metadata], [tenant, "Mine", { floor: 3 }]);
    const old = before.find((each) => each.verifiedWhatsappNumberId === row.verifiedWhatsappNumberId);
    assert.ok(old && row.updatedAt > old.updatedAt);
  }
  const theirs = await withIdentity(db, member(other), (tx) => tx.select().from(verifiedWhatsappNumbers));
  assert.ok(theirs.length > 0 && theirs.every((row) => row.label !== "Mine"));
});

test("workspace narrows what is seen", async () => {
  const workspaces = (identity: Identity) =>
    withIdentity(db, identity, (tx) =>
      tx.selectDistinct({ id: slackUserMappings.workspaceId }).from(slackUserMappings),
    );
  assert.deepEqual(await workspaces(member(tenant, { workspaceId: sharedWorkspaceId })), [{ id: sharedWorkspaceId }]);
  assert.ok((await workspaces(member(tenant))).length > 1);
});

test("visitor is refused", async () => {
  await refused(
    "42501",
    withIdentity(db, anon(), (tx) => tx.select().from(tenantsTable)),
  );
});

test("member without a tenant's id sees nothing", async () => {
  const strangers = [{ role: "authenticated" }, { role: "authenticated", claims: { tenant_id: "x" } }];
  for (const identity of [...strangers, member(randomUUID())]) {
    assert.deepEqual(await withIdentity(db, identity, (tx) => tx.select().from(tenantsTable)), []);
  }
});

test("claims cannot name another role", async () => {
  const { role, claims } = await who(member(tenant, { role: "service_role", sub: "someone", tenant_id: other }));
  assert.equal(role, "authenticated");
  assert.deepEqual(JSON.parse(claims), { role: "authenticated", sub: "someone", tenant_id: tenant });
});

test("settings hold for the transaction", async () => {
  const show = sql`select current_setting('statement_timeout') as told`;
  const timeout = async (settings: Record<string, string>) =>
    first((await withIdentity(db, { role: "anon", settings }, (tx) => tx.execute(show))).rows)["told"];
  assert.equal(await timeout({ statement_timeout: "3s" }), "3s");
  assert.notEqual(await timeout({}), "3s");
});

test("settings of a member are no claim", async () => {
  const identity = member(tenant, { sub: "someone", settings: { statement_timeout: "3s" } });
  const show = sql`select current_setting('statement_timeout') as told`;
  assert.equal(first((await withIdentity(db, identity, (tx) => tx.execute(show))).rows)["told"], "3s");
  const { claims } = await who(identity);
  assert.deepEqual(JSON.parse(claims), { role: "authenticated", sub: "someone", tenant_id: tenant });
});

test("connection goes back to the pool as the login role, after an error too", async () => {
  const pid = sql`select pg_backend_pid() as pid`;
  const before = first((await db.execute(pid)).rows)["pid"];
  await assert.rejects(
    withIdentity(db, member(tenant), async (tx) => {
      assert.equal(first((await tx.execute(pid)).rows)["pid"], before);
      throw new Error("changed my mind");
    }),
    /changed my mind/,
  );
  assert.deepEqual(first((await db.execute(WHO)).rows), { role: login, claims: "" });
  assert.equal(first((await db.execute(pid)).rows)["pid"], before);
});

test("what one tenant has read comes to another from no cache", async () => {
  const kept = new Map<string, unknown[]>();
  class Keeping extends Cache {
    override strategy = () => "all" as const;
    override get = async (key: string) => kept.get(key);
    override put = async (key: string, rows: unknown[]) => void kept.set(key, rows);
    override onMutate = async () => kept.clear();
  }
  const cached = drizzle(db.$client, { cache: new Keeping() });
  for (const tenantId of tenants) {
    const found = await withIdentity(cached, member(tenantId), (tx) =>
      tx.select({ id: tenantsTable.tenantId }).from(tenantsTable),
    );
    assert.deepEqual(found, [{ id: tenantId }]);
  }
  assert.equal(kept.size, 0);
});

test("what a failed transaction wrote is gone", async () => {
  await assert.rejects(
    withIdentity(db, member(tenant), async (tx) => {
      await tx.update(tenantsTable).set({ name: "Renamed" });
      throw new Error("changed my mind");
    }),
  );
  const [row] = await withIdentity(db, member(tenant), (tx) => tx.select().from(tenantsTable));
  assert.notEqual(row?.name, "Renamed");
});

test("savepoint that is rolled back leaves the identity", async () => {
  await withIdentity(db, member(tenant), async (tx) => {
    await assert.rejects(tx.transaction(async (nested) => nested.rollback()));
    assert.equal(first((await tx.execute(WHO)).rows)["role"], "authenticated");
  });
});

test("transaction takes no second identity", async () => {
  await withIdentity(db, member(tenant), async (tx) => {
    await assert.rejects(
      withIdentity(tx, service(), async () => undefined),
      TypeError,
    );
    await assert.rejects(
      withIdentity(tx.includeDeleted, service(), async () => undefined),
      TypeError,
    );
    assert.equal(first((await tx.execute(WHO)).rows)["role"], "authenticated");
  });
});

test("columns that members may not read are left out of what is readable", async () => {
  const [found] = await withIdentity(db, member(tenant), (tx) =>
    tx.select(readable(whatsappVerifications)).from(whatsappVerifications),
  );
  assert.ok(found && "status" in found && !("codeHash" in found));
  await refused(
    "42501",
    withIdentity(db, member(tenant), (tx) => tx.select().from(whatsappVerifications)),
  );
  const [whole] = await withIdentity(db, service(), (tx) => tx.select().from(whatsappVerifications));
  assert.equal(whole?.codeHash.length, 32);
});

test("parameters stay out of errors", async () => {
  const error = await refused(
    "42883",
    withIdentity(db, service(), (tx) => tx.execute(sql`select nothing(${"xoxb-1"})`)),
  );
  assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes("xoxb-1"));
});

test("rows stay out of errors of constraints, which name the constraint", async () => {
  const insert = (phoneNumber: string, label: string) =>
    withIdentity(db, service(), (tx) =>
      tx.insert(verifiedWhatsappNumbers).values({ tenantId: tenant, phoneNumber, label }),
    );
  for (const [sqlstate, phoneNumber, label] of [
    ["23514", "+4930555098", ""],
    ["23505", sharedPhoneNumber, "Taken"],
  ] as const) {
    const error = await refused(sqlstate, insert(phoneNumber, label));
    assert.ok("constraint" in error && error.constraint);
    assert.ok(!inspect(error).includes(phoneNumber));
  }
});
