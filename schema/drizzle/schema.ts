// Generated from the migrated database: `python -m suites.typescript_access.renew`. Not edited by hand.
import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  foreignKey,
  index,
  integer,
  interval,
  jsonb,
  pgPolicy,
  pgSchema,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { ciphertext, e164, keyedHash } from "./src/types.ts";

// What is referred to of a table that is nobody's but the owner's.
const encryptionKeys = pgSchema("private").table("encryption_keys", {
  keyVersion: integer("key_version").primaryKey(),
});

/** Messages sent and received. Kept for the tenant's retention, then removed for good, soft-deleted or not. */
export const communicationLogs = pgTable("communication_logs", {
  /** The tenant whose message it is. */
  tenantId: uuid("tenant_id").notNull(),
  /** The row, within its tenant. */
  communicationLogId: uuid("communication_log_id").defaultRandom().notNull(),
  /** whatsapp or slack. */
  channel: text({ enum: ["whatsapp", "slack"] }).notNull(),
  /** inbound or outbound. */
  direction: text({ enum: ["inbound", "outbound"] }).notNull(),
  /** How far the message got. */
  status: text({ enum: ["queued", "sent", "delivered", "read", "failed", "received"] }).notNull(),
  /** The tenant's number that it went through; NULL once that number is gone for good. */
  verifiedWhatsappNumberId: uuid("verified_whatsapp_number_id"),
  /** Personal: the other side's phone number, encrypted; NULL for Slack and after erasure. */
  phoneNumberCiphertext: ciphertext("phone_number_ciphertext"),
  /** Secret: keyed hash of the phone number, for exact look-ups. Keyed, since all numbers are soon hashed. */
  phoneNumberHash: keyedHash("phone_number_hash"),
  /** Version of the key of phone_number_ciphertext and phone_number_hash. */
  keyVersion: integer("key_version"),
  /** The connection that it went through; NULL once that connection is gone for good. */
  slackConnectionId: uuid("slack_connection_id"),
  /** The Slack workspace, for the policies; stays. */
  workspaceId: text("workspace_id"),
  /** Personal: the other side's Slack user. */
  slackUserId: text("slack_user_id"),
  /** Personal: WhatsApp's or Slack's id of the message; WhatsApp's contains the phone number in base64. */
  providerMessageId: text("provider_message_id"),
  /** Personal: the text of the message. */
  body: text(),
  /** The provider's code of why it failed. */
  errorCode: text("error_code"),
  /** Personal: the tenant's own attributes of the message. */
  metadata: jsonb().$type<Record<string, unknown>>().default({}).notNull(),
  /** When the message was logged; retention counts from it. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the log was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** What was deleted together shares it, and is restored together. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.communicationLogId], name: "communication_logs_pkey" }),
  foreignKey({
    columns: [table.keyVersion],
    foreignColumns: [encryptionKeys.keyVersion],
    name: "communication_logs_encryption_keys_fkey",
  }).onUpdate("restrict").onDelete("restrict"),
  // Of these, on delete: slack_connection_id.
  foreignKey({
    columns: [table.tenantId, table.workspaceId, table.slackConnectionId],
    foreignColumns: [slackConnections.tenantId, slackConnections.workspaceId, slackConnections.slackConnectionId],
    name: "communication_logs_slack_connections_fkey",
  }).onUpdate("restrict").onDelete("set null"),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "communication_logs_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  // Of these, on delete: verified_whatsapp_number_id.
  foreignKey({
    columns: [table.tenantId, table.verifiedWhatsappNumberId],
    foreignColumns: [verifiedWhatsappNumbers.tenantId, verifiedWhatsappNumbers.verifiedWhatsappNumberId],
    name: "communication_logs_verified_whatsapp_numbers_fkey",
  }).onUpdate("restrict").onDelete("set null"),
  check("body_has_at_most_4096_characters", sql`(char_length(body) <= 4096)`),
  check("channel_is_known", sql`(channel = ANY (ARRAY['whatsapp'::text, 'slack'::text]))`),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("direction_is_known", sql`(direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))`),
  check("error_code_has_1_to_100_characters", sql`((char_length(error_code) >= 1) AND (char_length(error_code) <= 100))`),
  check("metadata_has_at_most_16_kilobytes", sql`(octet_length((metadata)::text) <= 16384)`),
  check("metadata_is_an_object", sql`(jsonb_typeof(metadata) = 'object'::text)`),
  check("phone_number_has_at_most_2_blocks", sql`(octet_length((phone_number_ciphertext)::bytea) <= 85)`),
  check("phone_number_is_whole", sql`(num_nonnulls(phone_number_ciphertext, phone_number_hash, key_version) = ANY (ARRAY[0, 3]))`),
  check("phone_number_names_its_key", sql`(SUBSTRING(phone_number_ciphertext FROM 2 FOR 4) = int4send(key_version))`),
  check("provider_message_id_has_1_to_255_characters", sql`((char_length(provider_message_id) >= 1) AND (char_length(provider_message_id) <= 255))`),
  check("slack_messages_have_a_workspace", sql`((channel = 'slack'::text) = (workspace_id IS NOT NULL))`),
  check("slack_messages_have_nothing_of_whatsapp", sql`((channel <> 'slack'::text) OR (num_nonnulls(verified_whatsapp_number_id, phone_number_ciphertext) = 0))`),
  check("slack_user_id_is_of_slacks_form", sql`(slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)`),
  check("status_is_known", sql`(status = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'received'::text]))`),
  check("whatsapp_messages_have_nothing_of_slack", sql`((channel <> 'whatsapp'::text) OR (num_nonnulls(slack_connection_id, slack_user_id) = 0))`),
  check("workspace_id_is_of_slacks_form", sql`(workspace_id ~ '^[ET][A-Z0-9]{2,20}$'::text)`),
  index("communication_logs_created_at_idx").using("btree", table.tenantId, table.createdAt),
  index("communication_logs_deleted_at_idx").using(
    "btree",
    table.deletedAt,
    table.deletionId,
  ).where(sql`(deleted_at IS NOT NULL)`),
  index("communication_logs_key_version_idx").using("btree", table.keyVersion).where(sql`(key_version IS NOT NULL)`),
  index("communication_logs_metadata_idx").using(
    "gin",
    table.metadata.op("jsonb_path_ops"),
  ).where(sql`(deleted_at IS NULL)`),
  index("communication_logs_phone_number_hash_idx").using(
    "btree",
    table.tenantId,
    table.phoneNumberHash,
  ).where(sql`(phone_number_hash IS NOT NULL)`),
  uniqueIndex("communication_logs_provider_message_id_key").using(
    "btree",
    table.providerMessageId,
    table.tenantId,
    table.channel,
  ).where(sql`((provider_message_id IS NOT NULL) AND (deleted_at IS NULL))`),
  index("communication_logs_slack_connection_id_idx").using(
    "btree",
    table.tenantId,
    table.workspaceId,
    table.slackConnectionId,
    table.createdAt,
  ).where(sql`(slack_connection_id IS NOT NULL)`),
  index("communication_logs_slack_user_id_idx").using(
    "btree",
    table.tenantId,
    table.slackUserId,
    table.createdAt,
  ).where(sql`(slack_user_id IS NOT NULL)`),
  index("communication_logs_verified_whatsapp_number_id_idx").using(
    "btree",
    table.tenantId,
    table.verifiedWhatsappNumberId,
    table.createdAt,
  ).where(sql`(verified_whatsapp_number_id IS NOT NULL)`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`false`,
    withCheck: sql`false`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** Slack workspaces that tenants have connected; one may be of several tenants. */
export const slackConnections = pgTable("slack_connections", {
  /** The tenant that connected the workspace. */
  tenantId: uuid("tenant_id").notNull(),
  /** The row, within its tenant. */
  slackConnectionId: uuid("slack_connection_id").defaultRandom().notNull(),
  /** Slack's id of the workspace (T…) or enterprise (E…). */
  workspaceId: text("workspace_id").notNull(),
  /** Slack's name of the workspace. */
  workspaceName: text("workspace_name").notNull(),
  /** Slack's id of the bot that the token belongs to. */
  botUserId: text("bot_user_id").notNull(),
  /** Secret: the bot token, encrypted. */
  botTokenCiphertext: ciphertext("bot_token_ciphertext").notNull(),
  /** Version of the key of bot_token_ciphertext. */
  keyVersion: integer("key_version").notNull(),
  /** What Slack lets the token do. */
  scopes: text().array().default(sql`'{}'::text[]`).notNull(),
  /** Channel that messages without one go to. */
  defaultChannelId: text("default_channel_id"),
  /** active; revoked: Slack refused the token for good; failing: the last calls failed. */
  status: text({ enum: ["active", "revoked", "failing"] }).default('active').notNull(),
  /** When the workspace was connected. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the connection was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** What was deleted together shares it, and is restored together. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.slackConnectionId], name: "slack_connections_pkey" }),
  unique("slack_connections_workspace_id_key").on(table.tenantId, table.workspaceId, table.slackConnectionId),
  foreignKey({
    columns: [table.keyVersion],
    foreignColumns: [encryptionKeys.keyVersion],
    name: "slack_connections_encryption_keys_fkey",
  }).onUpdate("restrict").onDelete("restrict"),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "slack_connections_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  check("bot_token_has_at_most_1_kilobyte", sql`(octet_length((bot_token_ciphertext)::bytea) <= 1077)`),
  check("bot_token_names_its_key", sql`(SUBSTRING(bot_token_ciphertext FROM 2 FOR 4) = int4send(key_version))`),
  check("bot_user_id_is_of_slacks_form", sql`(bot_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)`),
  check("default_channel_id_is_of_slacks_form", sql`(default_channel_id ~ '^[CDG][A-Z0-9]{2,20}$'::text)`),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("scopes_are_at_most_100_names", sql`((cardinality(scopes) <= 100) AND (array_position(scopes, NULL::text) IS NULL) AND (char_length(array_to_string(scopes, ','::text)) <= 4000) AND (array_to_string(scopes, ','::text) ~ '^[a-z0-9_:.,-]*$'::text))`),
  check("status_is_known", sql`(status = ANY (ARRAY['active'::text, 'revoked'::text, 'failing'::text]))`),
  check("workspace_id_is_of_slacks_form", sql`(workspace_id ~ '^[ET][A-Z0-9]{2,20}$'::text)`),
  check("workspace_name_has_1_to_200_characters", sql`((char_length(workspace_name) >= 1) AND (char_length(workspace_name) <= 200))`),
  index("slack_connections_key_version_idx").using("btree", table.keyVersion),
  uniqueIndex("slack_connections_live_workspace_id_key").using(
    "btree",
    table.tenantId,
    table.workspaceId,
  ).where(sql`(deleted_at IS NULL)`),
  index("slack_connections_workspace_id_idx").using("btree", table.workspaceId).where(sql`(deleted_at IS NULL)`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
    withCheck: sql`((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** Which person a Slack user is, within a connected workspace. */
export const slackUserMappings = pgTable("slack_user_mappings", {
  /** The tenant that knows the person. */
  tenantId: uuid("tenant_id").notNull(),
  /** The row, within its tenant. */
  slackUserMappingId: uuid("slack_user_mapping_id").defaultRandom().notNull(),
  /** The connection that the Slack user was met in. */
  slackConnectionId: uuid("slack_connection_id").notNull(),
  /** The connection's workspace, for the policies. */
  workspaceId: text("workspace_id").notNull(),
  /** Personal: Slack's id of the user, within the workspace. */
  slackUserId: text("slack_user_id").notNull(),
  /** Personal: the name of the person. */
  personName: text("person_name"),
  /** Personal: the person's e-mail address. */
  personEmail: text("person_email"),
  /** The person's WhatsApp number, if verified. */
  verifiedWhatsappNumberId: uuid("verified_whatsapp_number_id"),
  /** Personal: the tenant's own attributes. */
  metadata: jsonb().$type<Record<string, unknown>>().default({}).notNull(),
  /** When the user was mapped. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the mapping was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** What was deleted together shares it, and is restored together. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.slackUserMappingId], name: "slack_user_mappings_pkey" }),
  foreignKey({
    columns: [table.tenantId, table.workspaceId, table.slackConnectionId],
    foreignColumns: [slackConnections.tenantId, slackConnections.workspaceId, slackConnections.slackConnectionId],
    name: "slack_user_mappings_slack_connections_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "slack_user_mappings_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  // Of these, on delete: verified_whatsapp_number_id.
  foreignKey({
    columns: [table.tenantId, table.verifiedWhatsappNumberId],
    foreignColumns: [verifiedWhatsappNumbers.tenantId, verifiedWhatsappNumbers.verifiedWhatsappNumberId],
    name: "slack_user_mappings_verified_whatsapp_numbers_fkey",
  }).onUpdate("restrict").onDelete("set null"),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("metadata_has_at_most_16_kilobytes", sql`(octet_length((metadata)::text) <= 16384)`),
  check("metadata_is_an_object", sql`(jsonb_typeof(metadata) = 'object'::text)`),
  check("person_email_is_one_address_of_at_most_320_characters", sql`((char_length(person_email) <= 320) AND (person_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))`),
  check("person_name_has_1_to_200_characters", sql`((char_length(person_name) >= 1) AND (char_length(person_name) <= 200))`),
  check("slack_user_id_is_of_slacks_form", sql`(slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)`),
  index("slack_user_mappings_created_at_idx").using(
    "btree",
    table.tenantId,
    table.createdAt,
  ).where(sql`(deleted_at IS NULL)`),
  index("slack_user_mappings_deleted_at_idx").using(
    "btree",
    table.deletedAt,
    table.deletionId,
  ).where(sql`(deleted_at IS NOT NULL)`),
  uniqueIndex("slack_user_mappings_live_slack_user_id_key").using(
    "btree",
    table.tenantId,
    table.workspaceId,
    table.slackUserId,
  ).where(sql`(deleted_at IS NULL)`),
  index("slack_user_mappings_metadata_idx").using(
    "gin",
    table.metadata.op("jsonb_path_ops"),
  ).where(sql`(deleted_at IS NULL)`),
  index("slack_user_mappings_slack_connection_id_idx").using(
    "btree",
    table.tenantId,
    table.workspaceId,
    table.slackConnectionId,
  ),
  index("slack_user_mappings_verified_whatsapp_number_id_idx").using(
    "btree",
    table.tenantId,
    table.verifiedWhatsappNumberId,
  ).where(sql`(verified_whatsapp_number_id IS NOT NULL)`),
  index("slack_user_mappings_workspace_id_idx").using(
    "btree",
    table.workspaceId,
    table.slackUserId,
  ).where(sql`(deleted_at IS NULL)`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
    withCheck: sql`((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** Customers of the product; deleting one for good deletes all that it owns. */
export const tenants = pgTable("tenants", {
  /** The tenant, as the claim tenant_id names it. Never the nil UUID, which stands for the system in the audit log. */
  tenantId: uuid("tenant_id").defaultRandom().notNull(),
  /** Name of the customer. */
  name: text().notNull(),
  /** Days after which a communication log is removed for good. Set by service_role: shortening it destroys data. */
  communicationLogRetentionDays: integer("communication_log_retention_days").default(180).notNull(),
  /** When the tenant was made. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the tenant was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** What was deleted together shares it, and is restored together. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId], name: "tenants_pkey" }),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("name_has_1_to_200_characters", sql`((char_length(name) >= 1) AND (char_length(name) <= 200))`),
  check("retention_is_1_day_to_10_years", sql`((communication_log_retention_days >= 1) AND (communication_log_retention_days <= 3650))`),
  check("tenant_id_is_not_nil", sql`(tenant_id <> '00000000-0000-0000-0000-000000000000'::uuid)`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
    withCheck: sql`(tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** Usage of a tenant, by day. */
export const usageStatistics = pgTable("usage_statistics", {
  /** The tenant whose usage it is. */
  tenantId: uuid("tenant_id").notNull(),
  /** The row, within its tenant. */
  usageStatisticId: uuid("usage_statistic_id").defaultRandom().notNull(),
  /** The day, in UTC, of created_at of what is counted. */
  day: date().notNull(),
  /** WhatsApp messages logged, of either direction. */
  whatsappMessages: bigint("whatsapp_messages", { mode: "number" }).default(0).notNull(),
  /** Slack messages logged, of either direction. */
  slackMessages: bigint("slack_messages", { mode: "number" }).default(0).notNull(),
  /** Messages of either channel that failed. */
  failedMessages: bigint("failed_messages", { mode: "number" }).default(0).notNull(),
  /** Verification codes requested. */
  verificationsRequested: bigint("verifications_requested", { mode: "number" }).default(0).notNull(),
  /** Of those, codes that were given right. */
  verificationsSucceeded: bigint("verifications_succeeded", { mode: "number" }).default(0).notNull(),
  /** Webhook deliveries that the endpoint took. */
  webhooksDelivered: bigint("webhooks_delivered", { mode: "number" }).default(0).notNull(),
  /** Webhook deliveries given up. */
  webhooksExhausted: bigint("webhooks_exhausted", { mode: "number" }).default(0).notNull(),
  /** When the day was first counted. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the day was last counted; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When its tenant was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** The deletion of its tenant. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.usageStatisticId], name: "usage_statistics_pkey" }),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "usage_statistics_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  check("counts_are_not_negative", sql`(LEAST(whatsapp_messages, slack_messages, failed_messages, verifications_requested, verifications_succeeded, webhooks_delivered, webhooks_exhausted) >= 0)`),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("failed_messages_are_among_the_messages", sql`(failed_messages <= (whatsapp_messages + slack_messages))`),
  check("successes_are_among_the_requests", sql`(verifications_succeeded <= verifications_requested)`),
  index("usage_statistics_deleted_at_idx").using(
    "btree",
    table.deletedAt,
    table.deletionId,
  ).where(sql`(deleted_at IS NOT NULL)`),
  uniqueIndex("usage_statistics_live_day_key").using(
    "btree",
    table.tenantId,
    table.day,
  ).where(sql`(deleted_at IS NULL)`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`false`,
    withCheck: sql`false`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** WhatsApp numbers that a tenant has verified with a code. */
export const verifiedWhatsappNumbers = pgTable("verified_whatsapp_numbers", {
  /** The tenant that verified the number. */
  tenantId: uuid("tenant_id").notNull(),
  /** The row, within its tenant. */
  verifiedWhatsappNumberId: uuid("verified_whatsapp_number_id").defaultRandom().notNull(),
  /** Personal: the number. Live once a tenant; several tenants may have verified the same one. */
  phoneNumber: e164("phone_number").notNull(),
  /** Personal: what the tenant calls it, often a name. */
  label: text(),
  /** Personal: the tenant's own attributes. */
  metadata: jsonb().$type<Record<string, unknown>>().default({}).notNull(),
  /** When the right code was given. */
  verifiedAt: timestamp("verified_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was made. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the number was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** What was deleted together shares it, and is restored together. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.verifiedWhatsappNumberId], name: "verified_whatsapp_numbers_pkey" }),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "verified_whatsapp_numbers_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("label_has_1_to_100_characters", sql`((char_length(label) >= 1) AND (char_length(label) <= 100))`),
  check("metadata_has_at_most_16_kilobytes", sql`(octet_length((metadata)::text) <= 16384)`),
  check("metadata_is_an_object", sql`(jsonb_typeof(metadata) = 'object'::text)`),
  index("verified_whatsapp_numbers_created_at_idx").using(
    "btree",
    table.tenantId,
    table.createdAt,
  ).where(sql`(deleted_at IS NULL)`),
  index("verified_whatsapp_numbers_deleted_at_idx").using(
    "btree",
    table.deletedAt,
    table.deletionId,
  ).where(sql`(deleted_at IS NOT NULL)`),
  uniqueIndex("verified_whatsapp_numbers_live_phone_number_key").using(
    "btree",
    table.tenantId,
    table.phoneNumber,
  ).where(sql`(deleted_at IS NULL)`),
  index("verified_whatsapp_numbers_metadata_idx").using(
    "gin",
    table.metadata.op("jsonb_path_ops"),
  ).where(sql`(deleted_at IS NULL)`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
    withCheck: sql`(tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** Tries of webhook deliveries. */
export const webhookAttempts = pgTable("webhook_attempts", {
  /** The tenant whose endpoint was tried. */
  tenantId: uuid("tenant_id").notNull(),
  /** The delivery that was tried. */
  webhookDeliveryId: uuid("webhook_delivery_id").notNull(),
  /** The how-manieth try of the delivery, from 1. */
  attemptNumber: smallint("attempt_number").notNull(),
  /** HTTP status of the answer; NULL: there was none. */
  responseStatus: smallint("response_status"),
  /** Personal: what went wrong, as the HTTP client or the endpoint told; it may quote the payload. */
  errorMessage: text("error_message"),
  /** Milliseconds until the answer or the failure. */
  durationMs: integer("duration_ms").notNull(),
  /** When the try ended. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When its delivery was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** The deletion of its delivery. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.webhookDeliveryId, table.attemptNumber], name: "webhook_attempts_pkey" }),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "webhook_attempts_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  foreignKey({
    columns: [table.tenantId, table.webhookDeliveryId],
    foreignColumns: [webhookDeliveries.tenantId, webhookDeliveries.webhookDeliveryId],
    name: "webhook_attempts_webhook_deliveries_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  check("attempt_number_is_1_to_20", sql`((attempt_number >= 1) AND (attempt_number <= 20))`),
  check("attempts_have_an_outcome", sql`(num_nonnulls(response_status, error_message) > 0)`),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("duration_ms_is_not_negative", sql`(duration_ms >= 0)`),
  check("error_message_has_at_most_1000_characters", sql`(char_length(error_message) <= 1000)`),
  check("response_status_is_of_http", sql`((response_status >= 100) AND (response_status <= 599))`),
  index("webhook_attempts_deleted_at_idx").using(
    "btree",
    table.deletedAt,
    table.deletionId,
  ).where(sql`(deleted_at IS NOT NULL)`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`false`,
    withCheck: sql`false`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** Events for a tenant's endpoint, with the state of their retries. */
export const webhookDeliveries = pgTable("webhook_deliveries", {
  /** The tenant whose endpoint it is. */
  tenantId: uuid("tenant_id").notNull(),
  /** The row, within its tenant. */
  webhookDeliveryId: uuid("webhook_delivery_id").defaultRandom().notNull(),
  /** The message that the event is about, if it is. */
  communicationLogId: uuid("communication_log_id"),
  /** What happened. */
  eventType: text("event_type", { enum: ["message.sent", "message.delivered", "message.read", "message.failed", "message.received", "number.verified", "workspace.connected", "workspace.disconnected"] }).notNull(),
  /** Where it goes, without credentials. */
  endpointUrl: text("endpoint_url").notNull(),
  /** Personal: what is sent; it repeats the message, but not its phone number, which the log has encrypted. */
  payload: jsonb().$type<Record<string, unknown>>().notNull(),
  /** Secret: the signature of the payload, encrypted. */
  signatureCiphertext: ciphertext("signature_ciphertext").notNull(),
  /** Version of the key of signature_ciphertext. */
  keyVersion: integer("key_version").notNull(),
  /** pending: to be tried; delivered: the endpoint took it; exhausted: the retries are spent. */
  status: text({ enum: ["pending", "delivered", "exhausted"] }).default('pending').notNull(),
  /** Tries so far; each is a row of webhook_attempts. */
  attempts: smallint().default(0).notNull(),
  /** Tries after which it is given up. */
  maxAttempts: smallint("max_attempts").default(8).notNull(),
  /** When it is to be tried next; a worker moves it ahead while it tries. NULL once finished. */
  nextAttemptAt: timestamp("next_attempt_at", { withTimezone: true, mode: "string" }).defaultNow(),
  /** When it was delivered or given up. */
  finishedAt: timestamp("finished_at", { withTimezone: true, mode: "string" }),
  /** When the event was queued. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the delivery was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** What was deleted together shares it, and is restored together. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.webhookDeliveryId], name: "webhook_deliveries_pkey" }),
  foreignKey({
    columns: [table.tenantId, table.communicationLogId],
    foreignColumns: [communicationLogs.tenantId, communicationLogs.communicationLogId],
    name: "webhook_deliveries_communication_logs_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  foreignKey({
    columns: [table.keyVersion],
    foreignColumns: [encryptionKeys.keyVersion],
    name: "webhook_deliveries_encryption_keys_fkey",
  }).onUpdate("restrict").onDelete("restrict"),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "webhook_deliveries_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  check("attempts_are_within_their_maximum", sql`((attempts >= 0) AND (attempts <= max_attempts))`),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("endpoint_url_is_https_without_credentials", sql`((char_length(endpoint_url) <= 2048) AND (endpoint_url ~ '^https://[^[:space:]/?#@]+([/?#][^[:space:]]*)?$'::text))`),
  check("event_type_is_known", sql`(event_type = ANY (ARRAY['message.sent'::text, 'message.delivered'::text, 'message.read'::text, 'message.failed'::text, 'message.received'::text, 'number.verified'::text, 'workspace.connected'::text, 'workspace.disconnected'::text]))`),
  check("exhausted_deliveries_have_spent_their_attempts", sql`((status <> 'exhausted'::text) OR (attempts = max_attempts))`),
  check("finished_deliveries_have_their_time", sql`((status = 'pending'::text) = (finished_at IS NULL))`),
  check("max_attempts_are_1_to_20", sql`((max_attempts >= 1) AND (max_attempts <= 20))`),
  check("payload_has_at_most_64_kilobytes", sql`(octet_length((payload)::text) <= 65536)`),
  check("payload_is_an_object", sql`(jsonb_typeof(payload) = 'object'::text)`),
  check("pending_deliveries_have_a_next_attempt", sql`((status = 'pending'::text) = (next_attempt_at IS NOT NULL))`),
  check("signature_has_at_most_1_kilobyte", sql`(octet_length((signature_ciphertext)::bytea) <= 1077)`),
  check("signature_names_its_key", sql`(SUBSTRING(signature_ciphertext FROM 2 FOR 4) = int4send(key_version))`),
  check("status_is_known", sql`(status = ANY (ARRAY['pending'::text, 'delivered'::text, 'exhausted'::text]))`),
  index("webhook_deliveries_communication_log_id_idx").using(
    "btree",
    table.tenantId,
    table.communicationLogId,
  ).where(sql`(communication_log_id IS NOT NULL)`),
  index("webhook_deliveries_created_at_idx").using("btree", table.tenantId, table.createdAt),
  index("webhook_deliveries_deleted_at_idx").using(
    "btree",
    table.deletedAt,
    table.deletionId,
  ).where(sql`(deleted_at IS NOT NULL)`),
  index("webhook_deliveries_finished_at_idx").using("btree", table.finishedAt).where(sql`(finished_at IS NOT NULL)`),
  index("webhook_deliveries_key_version_idx").using("btree", table.keyVersion),
  index("webhook_deliveries_next_attempt_at_idx").using(
    "btree",
    table.nextAttemptAt,
  ).where(sql`((status = 'pending'::text) AND (deleted_at IS NULL))`),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`false`,
    withCheck: sql`false`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** One-time codes sent to WhatsApp numbers. */
export const whatsappVerifications = pgTable("whatsapp_verifications", {
  /** The tenant that wants to verify the number. */
  tenantId: uuid("tenant_id").notNull(),
  /** The row, within its tenant. */
  whatsappVerificationId: uuid("whatsapp_verification_id").defaultRandom().notNull(),
  /** Personal: where the code was sent. */
  phoneNumber: e164("phone_number").notNull(),
  /**
   * Secret: keyed hash of tenant, row id and code. Keyed, since an unkeyed hash of six digits is searched in no time.
   */
  codeHash: keyedHash("code_hash").notNull(),
  /** Version of the key of code_hash. */
  keyVersion: integer("key_version").notNull(),
  /** As stored. A pending code past expires_at is expired for every reader, whether or not a job has stored it. */
  status: text({ enum: ["pending", "verified", "superseded", "locked", "expired"] }).default('pending').notNull(),
  /** Wrong codes given; the fifth locks. */
  failedAttempts: smallint("failed_attempts").default(0).notNull(),
  /** From when on the code is refused. */
  expiresAt: timestamp("expires_at", { withTimezone: true, mode: "string" }).default(sql`(now() + '00:10:00'::interval)`).notNull(),
  /** When the right code was given. */
  verifiedAt: timestamp("verified_at", { withTimezone: true, mode: "string" }),
  /** When the code was requested; rate limits count by it. */
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was last written; kept by a trigger. */
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).defaultNow().notNull(),
  /** When the row was soft-deleted; NULL: live. */
  deletedAt: timestamp("deleted_at", { withTimezone: true, mode: "string" }),
  /** What was deleted together shares it, and is restored together. */
  deletionId: uuid("deletion_id"),
}, (table) => [
  primaryKey({ columns: [table.tenantId, table.whatsappVerificationId], name: "whatsapp_verifications_pkey" }),
  foreignKey({
    columns: [table.keyVersion],
    foreignColumns: [encryptionKeys.keyVersion],
    name: "whatsapp_verifications_encryption_keys_fkey",
  }).onUpdate("restrict").onDelete("restrict"),
  foreignKey({
    columns: [table.tenantId],
    foreignColumns: [tenants.tenantId],
    name: "whatsapp_verifications_tenants_fkey",
  }).onUpdate("restrict").onDelete("cascade"),
  check("code_lives_at_most_10_minutes", sql`((expires_at > created_at) AND (expires_at <= (created_at + '00:10:00'::interval)))`),
  check("deletion_is_whole", sql`((deleted_at IS NULL) = (deletion_id IS NULL))`),
  check("failed_attempts_are_0_to_5", sql`((failed_attempts >= 0) AND (failed_attempts <= 5))`),
  check("fifth_failure_locks", sql`((failed_attempts = 5) = (status = 'locked'::text))`),
  check("status_is_known", sql`(status = ANY (ARRAY['pending'::text, 'verified'::text, 'superseded'::text, 'locked'::text, 'expired'::text]))`),
  check("verified_codes_have_their_time", sql`((status = 'verified'::text) = (verified_at IS NOT NULL))`),
  index("whatsapp_verifications_created_at_idx").using("btree", table.tenantId, table.createdAt),
  index("whatsapp_verifications_deleted_at_idx").using(
    "btree",
    table.deletedAt,
    table.deletionId,
  ).where(sql`(deleted_at IS NOT NULL)`),
  index("whatsapp_verifications_expires_at_idx").using("btree", table.expiresAt),
  index("whatsapp_verifications_key_version_idx").using("btree", table.keyVersion),
  uniqueIndex("whatsapp_verifications_pending_phone_number_key").using(
    "btree",
    table.tenantId,
    table.phoneNumber,
  ).where(sql`((status = 'pending'::text) AND (deleted_at IS NULL))`),
  index("whatsapp_verifications_phone_number_idx").using("btree", table.tenantId, table.phoneNumber, table.createdAt),
  pgPolicy("select_member", {
    as: "permissive",
    for: "select",
    to: ["authenticated"],
    using: sql`((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))`,
  }),
  pgPolicy("insert_member", {
    as: "permissive",
    for: "insert",
    to: ["authenticated"],
    withCheck: sql`false`,
  }),
  pgPolicy("update_member", {
    as: "permissive",
    for: "update",
    to: ["authenticated"],
    using: sql`false`,
    withCheck: sql`false`,
  }),
  pgPolicy("delete_member", {
    as: "permissive",
    for: "delete",
    to: ["authenticated"],
    using: sql`false`,
  }),
]);

/** Live verifications as they are now: a code past its time is expired, stored or not. */
export const currentVerifications = pgView("current_verifications", {
  tenantId: uuid("tenant_id").notNull(),
  whatsappVerificationId: uuid("whatsapp_verification_id").notNull(),
  /** Personal: where the code was sent. */
  phoneNumber: e164("phone_number").notNull(),
  status: text({ enum: ["pending", "verified", "superseded", "locked", "expired"] }).notNull(),
  failedAttempts: smallint("failed_attempts").notNull(),
  expiresAt: timestamp("expires_at", { withTimezone: true, mode: "string" }).notNull(),
  verifiedAt: timestamp("verified_at", { withTimezone: true, mode: "string" }),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).notNull(),
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).notNull(),
}).existing();

/**
 * Live messages with the other side's phone number, for service_role; by number:
 * find_communication_logs_by_phone_number.
 */
export const decryptedCommunicationLogs = pgView("decrypted_communication_logs", {
  tenantId: uuid("tenant_id").notNull(),
  communicationLogId: uuid("communication_log_id").notNull(),
  channel: text({ enum: ["whatsapp", "slack"] }).notNull(),
  direction: text({ enum: ["inbound", "outbound"] }).notNull(),
  status: text({ enum: ["queued", "sent", "delivered", "read", "failed", "received"] }).notNull(),
  verifiedWhatsappNumberId: uuid("verified_whatsapp_number_id"),
  phoneNumber: text("phone_number"),
  slackConnectionId: uuid("slack_connection_id"),
  workspaceId: text("workspace_id"),
  slackUserId: text("slack_user_id"),
  providerMessageId: text("provider_message_id"),
  body: text(),
  errorCode: text("error_code"),
  metadata: jsonb().$type<Record<string, unknown>>().notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).notNull(),
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).notNull(),
}).existing();

/** Live connections with their bot token, for service_role. */
export const decryptedSlackConnections = pgView("decrypted_slack_connections", {
  tenantId: uuid("tenant_id").notNull(),
  slackConnectionId: uuid("slack_connection_id").notNull(),
  workspaceId: text("workspace_id").notNull(),
  workspaceName: text("workspace_name").notNull(),
  botUserId: text("bot_user_id").notNull(),
  botToken: text("bot_token").notNull(),
  scopes: text().array().notNull(),
  defaultChannelId: text("default_channel_id"),
  status: text({ enum: ["active", "revoked", "failing"] }).notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).notNull(),
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).notNull(),
}).existing();

/** Live deliveries with their signature, for service_role. */
export const decryptedWebhookDeliveries = pgView("decrypted_webhook_deliveries", {
  tenantId: uuid("tenant_id").notNull(),
  webhookDeliveryId: uuid("webhook_delivery_id").notNull(),
  communicationLogId: uuid("communication_log_id"),
  eventType: text("event_type", { enum: ["message.sent", "message.delivered", "message.read", "message.failed", "message.received", "number.verified", "workspace.connected", "workspace.disconnected"] }).notNull(),
  endpointUrl: text("endpoint_url").notNull(),
  payload: jsonb().$type<Record<string, unknown>>().notNull(),
  signature: text().notNull(),
  status: text({ enum: ["pending", "delivered", "exhausted"] }).notNull(),
  attempts: smallint().notNull(),
  maxAttempts: smallint("max_attempts").notNull(),
  nextAttemptAt: timestamp("next_attempt_at", { withTimezone: true, mode: "string" }),
  finishedAt: timestamp("finished_at", { withTimezone: true, mode: "string" }),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).notNull(),
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).notNull(),
}).existing();

/**
 * Every job in service with its last run. failed_since and killed_since: the first such end since the last success.
 * overdue_since: no success for twice the interval of its schedule. never_run_since: no run for longer than that
 * interval after it was registered.
 */
export const jobHealth = pgView("job_health", {
  jobName: text("job_name").notNull(),
  schedule: text().notNull(),
  expectedEvery: interval("expected_every").notNull(),
  lastStartedAt: timestamp("last_started_at", { withTimezone: true, mode: "string" }),
  lastStatus: text("last_status"),
  lastSucceededAt: timestamp("last_succeeded_at", { withTimezone: true, mode: "string" }),
  lastRowsAffected: bigint("last_rows_affected", { mode: "number" }),
  lastErrorSqlstate: text("last_error_sqlstate"),
  lastErrorMessage: text("last_error_message"),
  failedSince: timestamp("failed_since", { withTimezone: true, mode: "string" }),
  killedSince: timestamp("killed_since", { withTimezone: true, mode: "string" }),
  overdueSince: timestamp("overdue_since", { withTimezone: true, mode: "string" }),
  neverRunSince: timestamp("never_run_since", { withTimezone: true, mode: "string" }),
}).existing();

/** The columns that members may not read, by table. */
export const sealed = {
  communication_logs: ["phoneNumberCiphertext", "phoneNumberHash", "keyVersion", "providerMessageId", "deletionId"],
  slack_connections: ["botTokenCiphertext", "keyVersion", "deletionId"],
  webhook_deliveries: ["payload", "signatureCiphertext", "keyVersion", "deletionId"],
  whatsapp_verifications: ["codeHash", "keyVersion", "deletionId"],
} as const;

/** The tables whose rows are deleted softly by their id. */
export type DeletableTable = "communication_logs" | "slack_connections" | "slack_user_mappings" | "tenants" | "usage_statistics" | "verified_whatsapp_numbers" | "webhook_deliveries" | "whatsapp_verifications";
