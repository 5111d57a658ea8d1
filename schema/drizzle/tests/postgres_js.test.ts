/** The same by another driver: values of every kind go there and back, and refusals are told. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { errors, functions, member, readable, schema, service, softDelete, withIdentity } from "../src/index.ts";
import { login, other, tenant, tenants } from "./ask.ts";

const url = new URL(process.env["DATABASE_URL"] ?? "");
const client = postgres({
  host: url.searchParams.get("host") ?? url.hostname,
  port: Number(url.port),
  database: url.pathname.slice(1),
  user: url.username,
  password: decodeURIComponent(url.password),
  max: 1,
  prepare: false, // as behind a pooler of transactions
});
after(() => client.end());
const db = drizzle(client);

const { communicationLogs: logs, slackConnections: connections, verifiedWhatsappNumbers: numbers } = schema;

test("member reads rows of the own tenant, and the connection goes back as it was", async () => {
  for (const tenantId of tenants) {
    const rows = await withIdentity(db, member(tenantId), (tx) =>
      tx.selectDistinct({ id: numbers.tenantId }).from(numbers),
    );
    assert.deepEqual(rows, [{ id: tenantId }]);
  }
  assert.deepEqual([...(await db.execute(sql`select current_user::text as role`))], [{ role: login }]);
});

test("objects, lists, bytes, times and numbers go there and back", async () => {
  await withIdentity(db, service(), async (tx) => {
    const id = await functions.connectSlackWorkspace(tx, {
      ...{ tenantId: tenant, workspaceId: "T0OTHER", workspaceName: "Other", botUserId: "U0BOT" },
      botToken: "xoxb-1",
      scopes: ["chat:write", "users:read"],
    });
    const [connection] = await tx.select().from(connections).where(eq(connections.slackConnectionId, id));
    assert.ok(connection);
    assert.deepEqual(connection.scopes, ["chat:write", "users:read"]);
    const { botTokenCiphertext } = connection;
    const [written] = await tx
      .update(connections)
      .set({ botTokenCiphertext })
      .where(eq(connections.slackConnectionId, id))
      .returning();
    assert.deepEqual(Buffer.from(written?.botTokenCiphertext ?? []), Buffer.from(botTokenCiphertext));
    assert.ok(written && written.updatedAt > connection.updatedAt);

    const messageId = await functions.logCommunication(tx, {
      ...{ tenantId: tenant, channel: "whatsapp", direction: "inbound", status: "received" },
      phoneNumber: "+4930555008",
      metadata: { list: [1, null, "two"], quoted: '"' },
    });
    const [message] = await tx.select().from(logs).where(eq(logs.communicationLogId, messageId));
    assert.deepEqual(message?.metadata, { list: [1, null, "two"], quoted: '"' });
    const found = await functions.findCommunicationLogsByPhoneNumber(tx, {
      tenantId: tenant,
      phoneNumber: "+4930555008",
    });
    assert.deepEqual(
      found.map((row) => [row.communicationLogId, row.metadata]),
      [[messageId, message?.metadata]],
    );
    const used = await functions.usageBetween(tx, { tenantId: tenant, fromDay: "2026-01-01", toDay: "2026-01-02" });
    assert.equal(used.whatsappMessages, 0);
  });
});

test("row is deleted softly, and one of another tenant is refused as not there", async () => {
  const [theirs] = await withIdentity(db, member(other), (tx) => tx.select(readable(connections)).from(connections));
  assert.ok(theirs);
  const deleted = (tenantId: string) =>
    withIdentity(db, member(tenantId), async (tx) => {
      await softDelete(tx, connections, theirs.slackConnectionId);
      const same = eq(connections.slackConnectionId, theirs.slackConnectionId);
      return tx.select(readable(connections)).from(connections).where(same);
    });
  await assert.rejects(deleted(tenant), errors.NoSuchRow);
  assert.deepEqual(await deleted(other), []);
});

test("transaction that has ended asks nothing, nor do its nested ones", async () => {
  const late = await withIdentity(db, member(tenant), async (tx) => {
    const whole = tx.includeDeleted;
    const nested = [await tx.transaction(async (inner) => inner), await whole.transaction(async (inner) => inner)];
    return [tx, whole, ...nested];
  });
  await withIdentity(db, member(other), async () => {
    for (const tx of late) {
      await assert.rejects(async () => tx.select().from(numbers), /The transaction has ended/);
      await assert.rejects(tx.execute(sql`select 1`), /The transaction has ended/);
      await assert.rejects(
        tx.transaction(async () => undefined),
        /The transaction has ended/,
      );
    }
  });
});

test("nested transaction that is left behind rolls back nothing of the next", async () => {
  let nested: Promise<unknown> | undefined;
  const first = withIdentity(db, member(tenant), async (tx) => {
    nested = tx.transaction(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new Error("too late");
    });
    nested.catch(() => undefined);
    await tx.select().from(numbers);
    throw new Error("changed my mind");
  });
  const second = withIdentity(db, member(other), (tx) =>
    tx.transaction(async (inner) => {
      await inner.update(numbers).set({ label: "Mine" });
      await nested?.catch(() => undefined);
      return inner.select({ label: numbers.label }).from(numbers);
    }),
  );
  await assert.rejects(first, /changed my mind/);
  const labels = await second;
  assert.ok(labels.length > 0 && labels.every(({ label }) => label === "Mine"));
});
