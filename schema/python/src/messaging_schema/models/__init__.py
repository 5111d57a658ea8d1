# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""A class for each table and view of the schema `public`."""

from messaging_schema.models.communication_logs import CommunicationLog
from messaging_schema.models.current_verifications import CurrentVerification
from messaging_schema.models.decrypted_communication_logs import DecryptedCommunicationLog
from messaging_schema.models.decrypted_slack_connections import DecryptedSlackConnection
from messaging_schema.models.decrypted_webhook_deliveries import DecryptedWebhookDelivery
from messaging_schema.models.job_health import JobHealth
from messaging_schema.models.slack_connections import SlackConnection
from messaging_schema.models.slack_user_mappings import SlackUserMapping
from messaging_schema.models.tenants import Tenant
from messaging_schema.models.usage_statistics import UsageStatistic
from messaging_schema.models.verified_whatsapp_numbers import VerifiedWhatsappNumber
from messaging_schema.models.webhook_attempts import WebhookAttempt
from messaging_schema.models.webhook_deliveries import WebhookDelivery
from messaging_schema.models.whatsapp_verifications import WhatsappVerification

__all__ = [
    "CommunicationLog",
    "CurrentVerification",
    "DecryptedCommunicationLog",
    "DecryptedSlackConnection",
    "DecryptedWebhookDelivery",
    "JobHealth",
    "SlackConnection",
    "SlackUserMapping",
    "Tenant",
    "UsageStatistic",
    "VerifiedWhatsappNumber",
    "WebhookAttempt",
    "WebhookDelivery",
    "WhatsappVerification",
]
