/** Who asks: the role and the claims that a transaction runs under. */

/** A role of the database, the claims of a token, and settings that hold for the transaction. */
export interface Identity {
  /** One that the login role of the connection may become. */
  readonly role: string;
  /** Of a token whose signature the service has verified. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Such as `{ statement_timeout: "8s" }`: SET ROLE does not apply those of the role. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A logged-in member of a tenant, narrowed to one Slack workspace where `workspaceId` is given; `settings` are the
 * identity's, others are claims.
 */
export function member(
  tenantId: string,
  {
    workspaceId,
    settings = {},
    ...claims
  }: { workspaceId?: string; settings?: Readonly<Record<string, string>>; [claim: string]: unknown } = {},
): Identity {
  const narrowed = workspaceId === undefined ? {} : { workspace_id: workspaceId };
  return { role: "authenticated", claims: { ...claims, tenant_id: tenantId, ...narrowed }, settings };
}

/** The back end itself, which bypasses row-level security: its queries name their tenant. */
export function service(): Identity {
  return { role: "service_role" };
}

/** A visitor, who may do nothing. */
export function anon(): Identity {
  return { role: "anon" };
}

/** The settings that make a transaction this identity's; the role, which may set less, comes last. */
export function settingsOf({ role, claims, settings }: Identity): [name: string, value: string][] {
  const told = JSON.stringify({ ...claims, role });
  return Object.entries({ ...settings, "request.jwt.claims": told, role });
}
