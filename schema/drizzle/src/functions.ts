// Generated from the migrated database: `python -m suites.typescript_access.renew`. Not edited by hand.
import { type DeletableTable, decryptedCommunicationLogs, slackUserMappings, verifiedWhatsappNumbers } from "../schema.ts";
import { type Asking, record, records, scalar, table } from "./call.ts";

/**
 * verified, once, for the pending code of a tenant's number, which is then among the verified ones; rejected for
 * everything else, and the fifth wrong try locks the code.
 */
export function checkVerificationCode(asking: Asking, given: {
  tenantId: string;
  phoneNumber: string;
  code: string;
}): Promise<"verified" | "rejected"> {
  return scalar(asking, "check_verification_code", {
    tenant_id: [given.tenantId, "uuid"],
    phone_number: [given.phoneNumber, "text"],
    code: [given.code, "text"],
  });
}

/** Connects a workspace, or gives the live connection its new token, and returns its id; raises SP001, SP002. */
export function connectSlackWorkspace(asking: Asking, given: {
  tenantId: string;
  workspaceId: string;
  workspaceName: string;
  botUserId: string;
  botToken: string;
  scopes?: string[] | undefined;
  defaultChannelId?: string | undefined;
}): Promise<string> {
  return scalar(asking, "connect_slack_workspace", {
    tenant_id: [given.tenantId, "uuid"],
    workspace_id: [given.workspaceId, "text"],
    workspace_name: [given.workspaceName, "text"],
    bot_user_id: [given.botUserId, "text"],
    bot_token: [given.botToken, "text"],
    scopes: [given.scopes, "text[]"],
    default_channel_id: [given.defaultChannelId, "text"],
  });
}

/**
 * Removes all that a tenant holds on a person and returns how many rows of each table it touched; raises SP001, SP002.
 */
export function eraseDataSubject(asking: Asking, given: {
  tenantId: string;
  phoneNumber?: string | undefined;
  personEmail?: string | undefined;
  workspaceId?: string | undefined;
  slackUserId?: string | undefined;
}): Promise<Record<string, unknown>> {
  return scalar(asking, "erase_data_subject", {
    tenant_id: [given.tenantId, "uuid"],
    phone_number: [given.phoneNumber, "text"],
    person_email: [given.personEmail, "text"],
    workspace_id: [given.workspaceId, "text"],
    slack_user_id: [given.slackUserId, "text"],
  });
}

/** All that a tenant holds on a person, decrypted, as one document with an array a table; raises SP001, SP002. */
export function exportDataSubject(asking: Asking, given: {
  tenantId: string;
  phoneNumber?: string | undefined;
  personEmail?: string | undefined;
  workspaceId?: string | undefined;
  slackUserId?: string | undefined;
}): Promise<Record<string, unknown>> {
  return scalar(asking, "export_data_subject", {
    tenant_id: [given.tenantId, "uuid"],
    phone_number: [given.phoneNumber, "text"],
    person_email: [given.personEmail, "text"],
    workspace_id: [given.workspaceId, "text"],
    slack_user_id: [given.slackUserId, "text"],
  });
}

/** A tenant's live messages of a phone number, newest first, by the keyed hashes of all versions. */
export function findCommunicationLogsByPhoneNumber(asking: Asking, given: {
  tenantId: string;
  phoneNumber: string;
}): Promise<(typeof decryptedCommunicationLogs.$inferSelect)[]> {
  return table(asking, "find_communication_logs_by_phone_number", {
    tenant_id: [given.tenantId, "uuid"],
    phone_number: [given.phoneNumber, "text"],
  }, decryptedCommunicationLogs);
}

/** A row of what `job_problems` returns. */
export interface JobProblemsRow {
  jobName: string;
  problem: "failed" | "killed" | "overdue" | "never_run";
  since: string;
}

/** A row for each failed, killed, overdue and never-run job: which, what and since when. No row: all is well. */
export function jobProblems(asking: Asking): Promise<JobProblemsRow[]> {
  return records(asking, "job_problems", {}, {
    jobName: ["job_name"],
    problem: ["problem"],
    since: ["since"],
  });
}

/**
 * Logs a message with its phone number encrypted, or moves on the status of the one with the provider's id, and returns
 * its id; raises SP001, SP002.
 */
export function logCommunication(asking: Asking, given: {
  tenantId: string;
  channel: "whatsapp" | "slack";
  direction: "inbound" | "outbound";
  status: "queued" | "sent" | "delivered" | "read" | "failed" | "received";
  phoneNumber?: string | undefined;
  verifiedWhatsappNumberId?: string | undefined;
  slackConnectionId?: string | undefined;
  slackUserId?: string | undefined;
  providerMessageId?: string | undefined;
  body?: string | undefined;
  errorCode?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
}): Promise<string> {
  return scalar(asking, "log_communication", {
    tenant_id: [given.tenantId, "uuid"],
    channel: [given.channel, "text"],
    direction: [given.direction, "text"],
    status: [given.status, "text"],
    phone_number: [given.phoneNumber, "text"],
    verified_whatsapp_number_id: [given.verifiedWhatsappNumberId, "uuid"],
    slack_connection_id: [given.slackConnectionId, "uuid"],
    slack_user_id: [given.slackUserId, "text"],
    provider_message_id: [given.providerMessageId, "text"],
    body: [given.body, "text"],
    error_code: [given.errorCode, "text"],
    metadata: [given.metadata, "jsonb"],
  });
}

/**
 * Maps a Slack user of a connected workspace to a person, or completes the live mapping, and returns its id; raises
 * SP001, SP002.
 */
export function mapSlackUser(asking: Asking, given: {
  tenantId: string;
  workspaceId: string;
  slackUserId: string;
  personName?: string | undefined;
  personEmail?: string | undefined;
  verifiedWhatsappNumberId?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
}): Promise<string> {
  return scalar(asking, "map_slack_user", {
    tenant_id: [given.tenantId, "uuid"],
    workspace_id: [given.workspaceId, "text"],
    slack_user_id: [given.slackUserId, "text"],
    person_name: [given.personName, "text"],
    person_email: [given.personEmail, "text"],
    verified_whatsapp_number_id: [given.verifiedWhatsappNumberId, "uuid"],
    metadata: [given.metadata, "jsonb"],
  });
}

/** Queues an event with its signature encrypted and returns its id; raises SP001, SP002. */
export function queueWebhookDelivery(asking: Asking, given: {
  tenantId: string;
  eventType: "message.sent" | "message.delivered" | "message.read" | "message.failed" | "message.received" | "number.verified" | "workspace.connected" | "workspace.disconnected";
  endpointUrl: string;
  payload: Record<string, unknown>;
  signature: string;
  communicationLogId?: string | undefined;
  maxAttempts?: number | undefined;
}): Promise<string> {
  return scalar(asking, "queue_webhook_delivery", {
    tenant_id: [given.tenantId, "uuid"],
    event_type: [given.eventType, "text"],
    endpoint_url: [given.endpointUrl, "text"],
    payload: [given.payload, "jsonb"],
    signature: [given.signature, "text"],
    communication_log_id: [given.communicationLogId, "uuid"],
    max_attempts: [given.maxAttempts, "integer"],
  });
}

/** A row of what `request_verification_code` returns. */
export interface RequestVerificationCodeRow {
  status: "requested" | "rate_limited" | "invalid_phone_number" | "unknown_tenant";
  whatsappVerificationId: string | null;
  code: string | null;
  expiresAt: string | null;
}

/**
 * Makes a code for a tenant's number, which the caller sends, and supersedes the one before. Status: requested,
 * rate_limited (5 an hour for a tenant's number, 1,000 an hour for a tenant), invalid_phone_number, unknown_tenant.
 */
export function requestVerificationCode(asking: Asking, given: {
  tenantId: string;
  phoneNumber: string;
  codeLength?: number | undefined;
}): Promise<RequestVerificationCodeRow> {
  return record(asking, "request_verification_code", {
    tenant_id: [given.tenantId, "uuid"],
    phone_number: [given.phoneNumber, "text"],
    code_length: [given.codeLength, "integer"],
  }, {
    status: ["status"],
    whatsappVerificationId: ["whatsapp_verification_id"],
    code: ["code"],
    expiresAt: ["expires_at"],
  });
}

/**
 * Restores the deletion that a row is of, and returns how many rows that brought back. Raises SP401; SP402 when a live
 * row, which DETAIL names, has taken the place of one; SP403 when what a row belongs to is deleted.
 */
export function restore(asking: Asking, given: {
  tableName: DeletableTable;
  rowId: string;
  tenantId?: string | undefined;
}): Promise<number> {
  return scalar(asking, "restore", {
    table_name: [given.tableName, "text"],
    row_id: [given.rowId, "uuid"],
    tenant_id: [given.tenantId, "uuid"],
  }, Number);
}

/** A row of what `search_communication_logs` returns. */
export interface SearchCommunicationLogsRow {
  tenantId: string;
  communicationLogId: string;
  channel: "whatsapp" | "slack";
  direction: "inbound" | "outbound";
  status: "queued" | "sent" | "delivered" | "read" | "failed" | "received";
  verifiedWhatsappNumberId: string | null;
  slackConnectionId: string | null;
  workspaceId: string | null;
  slackUserId: string | null;
  body: string | null;
  errorCode: string | null;
  metadata: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

/**
 * The own tenant's live messages whose metadata contain an object, newest first, only the claimed workspace's if the
 * token names one; raises SP001.
 */
export function searchCommunicationLogs(asking: Asking, given: {
  metadataContains: Record<string, unknown>;
  before?: string | undefined;
  maxRows?: number | undefined;
  beforeId?: string | undefined;
}): Promise<SearchCommunicationLogsRow[]> {
  return records(asking, "search_communication_logs", {
    metadata_contains: [given.metadataContains, "jsonb"],
    before: [given.before, "timestamp with time zone"],
    max_rows: [given.maxRows, "integer"],
    before_id: [given.beforeId, "uuid"],
  }, {
    tenantId: ["tenant_id"],
    communicationLogId: ["communication_log_id"],
    channel: ["channel"],
    direction: ["direction"],
    status: ["status"],
    verifiedWhatsappNumberId: ["verified_whatsapp_number_id"],
    slackConnectionId: ["slack_connection_id"],
    workspaceId: ["workspace_id"],
    slackUserId: ["slack_user_id"],
    body: ["body"],
    errorCode: ["error_code"],
    metadata: ["metadata"],
    createdAt: ["created_at"],
    updatedAt: ["updated_at"],
  });
}

/**
 * The own tenant's live mappings whose metadata contain an object, newest first, only the claimed workspace's if the
 * token names one; raises SP001.
 */
export function searchSlackUserMappings(asking: Asking, given: {
  metadataContains: Record<string, unknown>;
  before?: string | undefined;
  maxRows?: number | undefined;
  beforeId?: string | undefined;
}): Promise<(typeof slackUserMappings.$inferSelect)[]> {
  return table(asking, "search_slack_user_mappings", {
    metadata_contains: [given.metadataContains, "jsonb"],
    before: [given.before, "timestamp with time zone"],
    max_rows: [given.maxRows, "integer"],
    before_id: [given.beforeId, "uuid"],
  }, slackUserMappings);
}

/** The own tenant's live numbers whose metadata contain an object, newest first; raises SP001. */
export function searchVerifiedWhatsappNumbers(asking: Asking, given: {
  metadataContains: Record<string, unknown>;
  before?: string | undefined;
  maxRows?: number | undefined;
  beforeId?: string | undefined;
}): Promise<(typeof verifiedWhatsappNumbers.$inferSelect)[]> {
  return table(asking, "search_verified_whatsapp_numbers", {
    metadata_contains: [given.metadataContains, "jsonb"],
    before: [given.before, "timestamp with time zone"],
    max_rows: [given.maxRows, "integer"],
    before_id: [given.beforeId, "uuid"],
  }, verifiedWhatsappNumbers);
}

/**
 * Deletes a row softly, with what would go with it for good, and returns the id of the deletion. Members delete rows of
 * their own tenant; service_role names the tenant. Raises SP401.
 */
export function softDelete(asking: Asking, given: {
  tableName: DeletableTable;
  rowId: string;
  tenantId?: string | undefined;
}): Promise<string> {
  return scalar(asking, "soft_delete", {
    table_name: [given.tableName, "text"],
    row_id: [given.rowId, "uuid"],
    tenant_id: [given.tenantId, "uuid"],
  });
}

/** A row of what `usage_between` returns. */
export interface UsageBetweenRow {
  whatsappMessages: number;
  slackMessages: number;
  failedMessages: number;
  verificationsRequested: number;
  verificationsSucceeded: number;
  webhooksDelivered: number;
  webhooksExhausted: number;
}

/**
 * Sums what was counted for a tenant from one day to another, both included: zeros where nothing was. Members ask for
 * their own tenant; service_role names the tenant. Raises SP501 for what is no period.
 */
export function usageBetween(asking: Asking, given: {
  fromDay: string;
  toDay: string;
  tenantId?: string | undefined;
}): Promise<UsageBetweenRow> {
  return record(asking, "usage_between", {
    from_day: [given.fromDay, "date"],
    to_day: [given.toDay, "date"],
    tenant_id: [given.tenantId, "uuid"],
  }, {
    whatsappMessages: ["whatsapp_messages", Number],
    slackMessages: ["slack_messages", Number],
    failedMessages: ["failed_messages", Number],
    verificationsRequested: ["verifications_requested", Number],
    verificationsSucceeded: ["verifications_succeeded", Number],
    webhooksDelivered: ["webhooks_delivered", Number],
    webhooksExhausted: ["webhooks_exhausted", Number],
  });
}
