"""Prove a PostgreSQL schema before it merges: migrations, isolation and catalogue on a real server."""

__all__ = ["__version__"]

__version__ = "0.1.0"
