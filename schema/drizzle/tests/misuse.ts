/** What the type checker refuses: each line that is wrong says so, and `tsc` tells of one that is not. */
import { functions, member, readable, restore, schema, service, softDelete, withIdentity } from "../src/index.ts";
import { db, tenant } from "./ask.ts";

export async function misuse(): Promise<void> {
  await withIdentity(db, member(tenant), async (tx) => {
    const { slackConnections, slackUserMappings, verifiedWhatsappNumbers } = schema;
    const [connection] = await tx.select(readable(slackConnections)).from(slackConnections);
    // @ts-expect-error: members may not read it
    connection?.botTokenCiphertext;
    const status: "active" | "revoked" | "failing" | undefined = connection?.status;
    // @ts-expect-error: no such state
    if (status === "closed") return;
    // @ts-expect-error: a number has a tenant
    await tx.insert(verifiedWhatsappNumbers).values({ phoneNumber: "+4930555007" });
    // @ts-expect-error: no such column
    await tx.update(slackUserMappings).set({ nickname: "Ada" });
    // @ts-expect-error: no such state
    await tx.update(slackConnections).set({ status: "closed" });
    // @ts-expect-error: a view is not written
    await tx.insert(schema.currentVerifications).values({});
    // @ts-expect-error: a view is not deleted from softly
    await softDelete(tx, schema.jobHealth, "purge");
    // @ts-expect-error: it goes with its delivery, and has no id of its own
    await softDelete(tx, schema.webhookAttempts, "1");
    // @ts-expect-error: a row is named
    await restore(tx, slackConnections);
  });
  await withIdentity(db, service(), async (tx) => {
    // @ts-expect-error: whose number?
    await functions.requestVerificationCode(tx, { phoneNumber: "+4930555007" });
    const answer = await functions.checkVerificationCode(tx, {
      tenantId: tenant,
      phoneNumber: "+4930555007",
      code: "1",
    });
    // @ts-expect-error: no such answer
    if (answer === "denied") return;
    // @ts-expect-error: no such event
    const eventType: Parameters<typeof functions.queueWebhookDelivery>[1]["eventType"] = "message.lost";
    // @ts-expect-error: no such table
    await functions.softDelete(tx, { tableName: "jobs", rowId: eventType });
  });
  // @ts-expect-error: a code may be missing
  const code: string = (await functions.requestVerificationCode(db, { tenantId: tenant, phoneNumber: "1" })).code;
  return void code;
}
