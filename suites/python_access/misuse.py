"""What a type checker tells of a service's mistakes: `warn_unused_ignores` fails where one of these is no error."""

from uuid import UUID

from messaging_schema import AsyncSession, Session, functions
from messaging_schema.models import Tenant, VerifiedWhatsappNumber, WebhookAttempt

__all__: list[str] = []


def _constructors(tenant_id: UUID) -> None:
    Tenant()  # type: ignore[call-arg]  # a name is wanted
    Tenant("A")  # type: ignore[call-arg, arg-type]  # by its name
    Tenant(name=1)  # type: ignore[arg-type]
    Tenant(name="A", deleted_at=None)  # type: ignore[call-arg]  # by soft_delete
    VerifiedWhatsappNumber(tenant_id=tenant_id, phone_number="+49", colour="red")  # type: ignore[call-arg]


def _columns(tenant: Tenant) -> None:
    tenant.nmae = "B"  # type: ignore[attr-defined]
    tenant.name = None  # type: ignore[assignment]
    len(tenant.deletion_id)  # type: ignore[arg-type]


def _calls(session: Session, tenant_id: UUID) -> None:
    functions.soft_delete("webhook_attempts", tenant_id)  # type: ignore[arg-type]  # they go with their delivery
    functions.log_communication(tenant_id, "telegram", "outbound", "sent")  # type: ignore[arg-type]
    functions.queue_webhook_delivery(tenant_id, "message.sent", "https://x")  # type: ignore[call-arg]
    session.call(functions.restore("tenants", tenant_id)).upper()  # type: ignore[attr-defined]  # a number
    session.soft_delete(WebhookAttempt)  # type: ignore[arg-type]
    session.restore(WebhookAttempt, tenant_id)  # type: ignore[arg-type]


async def _sessions(session: AsyncSession, plain: Session, tenant_id: UUID) -> None:
    await plain.call(functions.restore("tenants", tenant_id))  # type: ignore[misc]
    len(session.call(functions.job_problems()))  # type: ignore[arg-type]
    Session(plain.get_bind())  # type: ignore[call-arg]  # whose is it?
