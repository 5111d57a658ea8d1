"""The moved clock of a started server, and a database whose scheduler lives by it; beside the session, for plugin."""

from schemaproof.clock.clock import Clock, clocked_server
from schemaproof.clock.scheduled import ScheduledDatabase, open_scheduled

__all__ = ["Clock", "ScheduledDatabase", "clocked_server", "open_scheduled"]
