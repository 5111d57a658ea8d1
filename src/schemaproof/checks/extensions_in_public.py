"""Extensions live in a schema of their own."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level

__all__ = ["extensions_in_public"]

_QUERY = """
    select quote_ident(e.extname) as name, n.nspname::text as schema, e.extrelocatable as relocatable
    from pg_catalog.pg_extension as e
    join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
    where n.nspname not in ('pg_catalog', 'information_schema')
    order by 1
"""


@check(level=Level.NOTE)
def extensions_in_public(context: Context) -> Iterator[Finding]:
    """An extension's functions and tables become part of the API, and of what every visitor may call.

    What lies in `public` on Supabase is served by the API. A note: most functions there do no harm, and a move breaks
    whoever names them with the schema.
    """
    if not context.session.platform.api_roles:
        raise NotApplicable(f"the platform {context.session.platform.name!r} serves no schema as an API")
    extensions = context.read(_QUERY)
    context.count("extensions", len(extensions), "no extension is installed")
    for extension in extensions:
        if extension.schema == "public":
            yield Finding(
                "extensions_in_public",
                extension.name,
                f"the extension {extension.name} lies in public, which the API serves",
                f"alter extension {extension.name} set schema extensions;"
                if extension.relocatable
                else f"Make it anew: create extension {extension.name} with schema extensions.",
                level=Level.NOTE,
                location=context.locate("extension", extension.name),
            )
