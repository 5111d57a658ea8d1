/** The functions of the schema, and what is encrypted by them. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { and, desc, eq } from "drizzle-orm";
import { errors, functions, member, readable, Refusal, schema, service, withIdentity } from "../src/index.ts";
import { db, other, refused, sharedPhoneNumber, tenant } from "./ask.ts";

const asService = <T>(ask: Parameters<typeof withIdentity<typeof db, T>>[2]) => withIdentity(db, service(), ask);
const asMember = <T>(ask: Parameters<typeof withIdentity<typeof db, T>>[2]) => withIdentity(db, member(tenant), ask);

test("number is verified by the code that was requested, once", async () => {
  const phoneNumber = "+4930555001";
  const made = await asService((tx) => functions.requestVerificationCode(tx, { tenantId: tenant, phoneNumber }));
  assert.equal(made.status, "requested");
  assert.match(made.code ?? "", /^\d{6}$/);
  assert.ok(made.expiresAt !== null && new Date(made.expiresAt) > new Date());
  const wrong = made.code === "000000" ? "000001" : "000000";
  const check = (code: string) =>
    asService((tx) => functions.checkVerificationCode(tx, { tenantId: tenant, phoneNumber, code }));
  assert.equal(await check(wrong), "rejected");
  assert.equal(await check(made.code ?? ""), "verified");
  assert.equal(await check(made.code ?? ""), "rejected");

  const { verifiedWhatsappNumbers: numbers, currentVerifications: current } = schema;
  const found = await asMember((tx) => tx.select().from(numbers).where(eq(numbers.phoneNumber, phoneNumber)));
  assert.deepEqual(
    found.map((row) => row.tenantId),
    [tenant],
  );
  const verifications = await asMember((tx) => tx.select().from(current).where(eq(current.phoneNumber, phoneNumber)));
  assert.deepEqual(
    verifications.map((row) => [row.whatsappVerificationId, row.status, row.failedAttempts]),
    [[made.whatsappVerificationId, "verified", 1]],
  );
});

test("request that is not granted says why, without a code", async () => {
  const request = (tenantId: string, phoneNumber: string) =>
    asService((tx) => functions.requestVerificationCode(tx, { tenantId, phoneNumber, codeLength: 8 }));
  assert.equal((await request(tenant, "+4930555002")).code?.length, 8);
  assert.deepEqual(await request(tenant, "030"), {
    status: "invalid_phone_number",
    whatsappVerificationId: null,
    code: null,
    expiresAt: null,
  });
  assert.equal((await request(randomUUID(), "+4930555002")).status, "unknown_tenant");
});

test("bot token is encrypted, and decrypted for the back end alone", async () => {
  const botToken = "xoxb-of-the-test";
  const id = await asService((tx) =>
    functions.connectSlackWorkspace(tx, {
      tenantId: tenant,
      workspaceId: "T0TYPED",
      workspaceName: "Typed",
      botUserId: "U0BOT",
      botToken,
      scopes: ["chat:write", "users:read"],
    }),
  );
  const { slackConnections: sealed, decryptedSlackConnections: opened } = schema;
  const [stored] = await asService((tx) => tx.select().from(sealed).where(eq(sealed.slackConnectionId, id)));
  assert.ok(stored);
  assert.equal(stored.botTokenCiphertext[0], 1);
  assert.ok(!Buffer.from(stored.botTokenCiphertext).includes(botToken));
  const [shown] = await asService((tx) => tx.select().from(opened).where(eq(opened.slackConnectionId, id)));
  assert.deepEqual([shown?.botToken, shown?.scopes, shown?.status], [botToken, ["chat:write", "users:read"], "active"]);
  await refused(
    "42501",
    asMember((tx) => tx.select().from(opened)),
  );
  const [seen] = await asMember((tx) =>
    tx.select(readable(sealed)).from(sealed).where(eq(sealed.slackConnectionId, id)),
  );
  assert.equal(seen?.workspaceName, "Typed");
});

test("ciphertext that is put into another row is refused", async () => {
  const { communicationLogs: logs, decryptedCommunicationLogs: opened } = schema;
  const log = (phoneNumber: string) =>
    asService((tx) =>
      functions.logCommunication(tx, {
        ...{ tenantId: tenant, channel: "whatsapp", direction: "outbound", status: "sent" },
        phoneNumber,
      }),
    );
  const ids = [await log("+4930555003"), await log("+4930555004")] as const;
  const moved = asService(async (tx) => {
    const [source] = await tx.select().from(logs).where(eq(logs.communicationLogId, ids[0]));
    const phoneNumberCiphertext = source?.phoneNumberCiphertext ?? null;
    await tx.update(logs).set({ phoneNumberCiphertext }).where(eq(logs.communicationLogId, ids[1]));
    await tx.select().from(opened).where(eq(opened.communicationLogId, ids[1]));
  });
  await assert.rejects(moved, errors.DamagedCiphertext);
});

test("messages are found by their encrypted number and by their metadata", async () => {
  const id = await asService((tx) =>
    functions.logCommunication(tx, {
      tenantId: tenant,
      channel: "whatsapp",
      direction: "inbound",
      status: "received",
      phoneNumber: "+4930555005",
      body: "`'\"\\ ${1} Straße 🙂",
      metadata: { order: { number: 7 } },
    }),
  );
  const given = { tenantId: tenant, phoneNumber: "+4930555005" };
  const byNumber = await asService((tx) => functions.findCommunicationLogsByPhoneNumber(tx, given));
  assert.deepEqual(
    byNumber.map((row) => [row.communicationLogId, row.phoneNumber, row.body, row.metadata]),
    [[id, "+4930555005", "`'\"\\ ${1} Straße 🙂", { order: { number: 7 } }]],
  );
  const elsewhere = await asService((tx) =>
    functions.findCommunicationLogsByPhoneNumber(tx, { ...given, tenantId: other }),
  );
  assert.deepEqual(elsewhere, []);
  const byMetadata = await asMember((tx) =>
    functions.searchCommunicationLogs(tx, { metadataContains: { order: { number: 7 } }, maxRows: 5 }),
  );
  assert.deepEqual(
    byMetadata.map((row) => [row.communicationLogId, row.direction]),
    [[id, "inbound"]],
  );
});

test("mappings and numbers that are searched for are rows of their tables", async () => {
  const { slackUserMappings: mappings, verifiedWhatsappNumbers: numbers } = schema;
  await asMember(async (tx) => {
    const [mapping] = await tx
      .update(mappings)
      .set({ metadata: { found: true } })
      .returning();
    const [number] = await tx
      .update(numbers)
      .set({ metadata: { found: true } })
      .returning();
    assert.ok(mapping && number);
    const people = await functions.searchSlackUserMappings(tx, { metadataContains: { found: true } });
    assert.deepEqual(
      people.find((row) => row.slackUserMappingId === mapping.slackUserMappingId),
      mapping,
    );
    const found = await functions.searchVerifiedWhatsappNumbers(tx, { metadataContains: { found: true } });
    assert.deepEqual(
      found.find((row) => row.verifiedWhatsappNumberId === number.verifiedWhatsappNumberId),
      number,
    );
    const page = await functions.searchVerifiedWhatsappNumbers(tx, {
      metadataContains: { found: true },
      before: number.createdAt,
    });
    assert.ok(
      page.every((row) => row.createdAt < number.createdAt),
      "to the microsecond",
    );
  });
});

test("mapping is completed: what is not given stays", async () => {
  const { slackUserMappings: mappings } = schema;
  const [known] = await asMember((tx) => tx.select().from(mappings));
  assert.ok(known);
  const { workspaceId, slackUserId } = known;
  const id = await asService((tx) =>
    functions.mapSlackUser(tx, { tenantId: tenant, workspaceId, slackUserId, personName: "Ada" }),
  );
  assert.equal(id, known.slackUserMappingId);
  const [now] = await asMember((tx) => tx.select().from(mappings).where(eq(mappings.slackUserMappingId, id)));
  assert.deepEqual([now?.personName, now?.personEmail], ["Ada", known.personEmail]);
});

test("delivery is queued with its signature encrypted", async () => {
  const { decryptedWebhookDeliveries: opened } = schema;
  const id = await asService((tx) =>
    functions.queueWebhookDelivery(tx, {
      tenantId: tenant,
      eventType: "number.verified",
      endpointUrl: "https://example.com/hook",
      payload: { list: [1, null, "two"] },
      signature: "sha256=1",
      maxAttempts: 3,
    }),
  );
  const [row] = await asService((tx) =>
    tx
      .select()
      .from(opened)
      .where(and(eq(opened.tenantId, tenant), eq(opened.webhookDeliveryId, id))),
  );
  assert.deepEqual([row?.signature, row?.payload, row?.maxAttempts], ["sha256=1", { list: [1, null, "two"] }, 3]);
});

test("usage is summed in numbers", async () => {
  const { usageStatistics: usage } = schema;
  const [newest] = await asMember((tx) => tx.select().from(usage).orderBy(desc(usage.day)));
  assert.ok(newest);
  const given = { fromDay: newest.day, toDay: newest.day };
  const summed = await asMember((tx) => functions.usageBetween(tx, given));
  assert.equal(summed.whatsappMessages, newest.whatsappMessages);
  assert.deepEqual(await asService((tx) => functions.usageBetween(tx, { ...given, tenantId: tenant })), summed);
  await assert.rejects(
    asMember((tx) => functions.usageBetween(tx, { fromDay: "2026-02-02", toDay: "2026-02-01" })),
    errors.InvalidPeriod,
  );
});

test("person is exported and erased", async () => {
  const given = { tenantId: tenant, phoneNumber: sharedPhoneNumber };
  const held = (document: Record<string, unknown>) => (document["verified_whatsapp_numbers"] as unknown[]).length;
  assert.ok(held(await asService((tx) => functions.exportDataSubject(tx, given))) > 0);
  const touched = await asService((tx) => functions.eraseDataSubject(tx, given));
  assert.ok(Number(touched["verified_whatsapp_numbers"]) > 0);
  assert.equal(held(await asService((tx) => functions.exportDataSubject(tx, given))), 0);
});

test("jobs are watched by the back end", async () => {
  const { jobHealth } = schema;
  const names = (await asService((tx) => tx.select().from(jobHealth))).map((row) => row.jobName);
  assert.ok(names.includes("purge_soft_deleted"));
  for (const { jobName, problem } of await asService((tx) => functions.jobProblems(tx))) {
    assert.ok(names.includes(jobName));
    assert.ok(["failed", "killed", "overdue", "never_run"].includes(problem));
  }
});

test("refusal is told with its SQLSTATE, and within the transaction too", async () => {
  const given = { tenantId: tenant, workspaceId: "T0NOWHERE", slackUserId: "U0X" };
  await assert.rejects(
    asService(async (tx) => {
      await assert.rejects(
        tx.transaction((nested) => functions.mapSlackUser(nested, given)),
        errors.NoLiveRow,
      );
      await functions.requestVerificationCode(tx, { tenantId: tenant, phoneNumber: "+4930555006", codeLength: 3 });
    }),
    (error) => error instanceof Refusal && error instanceof errors.InvalidCodeLength && error.sqlstate === "SP201",
  );
});
