"""How tenants are told apart, read from policies, the functions that they call, keys, and the settings."""

from schemaproof.tenancy.classes import KeyClass
from schemaproof.tenancy.discovery import Discovery, discover
from schemaproof.tenancy.nodes import ANY, CLAIMS, ROLE, USER, USERS, Claim, ColumnOf, Inside, Literal, Node, Setting
from schemaproof.tenancy.summary import summary

__all__ = [
    "ANY",
    "CLAIMS",
    "ROLE",
    "USER",
    "USERS",
    "Claim",
    "ColumnOf",
    "Discovery",
    "Inside",
    "KeyClass",
    "Literal",
    "Node",
    "Setting",
    "discover",
    "summary",
]
