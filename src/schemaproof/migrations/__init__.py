"""Reads a project's migrations and moves a database forward and back, with Supabase's ledger and semantics."""

from schemaproof.migrations.defect import Defect, DefectsError
from schemaproof.migrations.failure import MigrationError
from schemaproof.migrations.file import read_file
from schemaproof.migrations.folder import Folder, read_folder, read_migrations, survey_folder
from schemaproof.migrations.ledger import LEDGER_SCHEMA
from schemaproof.migrations.marker import Lossy, Marker, read_markers
from schemaproof.migrations.note import Note
from schemaproof.migrations.rehearsal import rehearse
from schemaproof.migrations.roles import RoleUse
from schemaproof.migrations.run import Step
from schemaproof.migrations.runner import down, up
from schemaproof.migrations.script import Migration, Script
from schemaproof.migrations.selection import BEFORE_FIRST, without_gaps
from schemaproof.migrations.statement import Statement
from schemaproof.migrations.status import Mismatch, Status, status, verify
from schemaproof.migrations.syntax import check_syntax

__all__ = [
    "BEFORE_FIRST",
    "LEDGER_SCHEMA",
    "Defect",
    "DefectsError",
    "Folder",
    "Lossy",
    "Marker",
    "Migration",
    "MigrationError",
    "Mismatch",
    "Note",
    "RoleUse",
    "Script",
    "Statement",
    "Status",
    "Step",
    "check_syntax",
    "down",
    "read_file",
    "read_folder",
    "read_markers",
    "read_migrations",
    "rehearse",
    "status",
    "survey_folder",
    "up",
    "verify",
    "without_gaps",
]
