"""Awkward migrations, what becomes of them, and in what the Supabase CLI and schemaproof differ over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["CASES", "Case"]

Files = Mapping[str, str | bytes | None]
TABLE = "create table a (i int primary key);"


@dataclass(frozen=True)
class Case:
    """Files that are applied, after `earlier` ones, by both.

    Args:
        name: a phrase; the documentation lists a case that differs by it.
        files: by name; None takes one away.
        ours: schemaproof's verdict: `applied`, an SQLSTATE, or `refused` before the server is asked.
        theirs: the CLI's, where it is another.
        left: in what the databases differ afterwards: `objects`, `ledger`, `rows`.
        earlier: files that were applied before.
        flags: of the CLI; `--include-all` is given to both.
    """

    name: str
    files: Files
    ours: str
    theirs: str = ""
    left: frozenset[str] = frozenset()
    earlier: Files = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        return bool(self.theirs or self.left)


def _one(name: str, text: str | bytes, ours: str, theirs: str = "", *left: str) -> Case:
    """A file of its own, behind one that was applied, and before one that must not run after a refusal."""
    files = {"2_case.sql": text, "3_after.sql": "create table after ();"}
    return Case(name, files, ours, theirs, frozenset(left), {"1_before.sql": "create type e as enum ('a');"})


_ALL = frozenset(("objects", "ledger", "rows"))
CASES = (
    _one("a syntax error", f"{TABLE} create tabel b ();", "42601"),
    _one("an unknown table in the middle", f"{TABLE} insert into nowhere values (1); create table b ();", "42P01"),
    _one("an error in the last statement", f"{TABLE} insert into a values (1), (1)", "23505"),
    _one(
        "an error in a function's body",
        f"{TABLE} create function f() returns int language sql begin atomic select 1 / 0 + x; end",
        "42703",
    ),
    _one(
        "an error raised in a DO block",
        f"{TABLE} do $$ begin insert into a values (1); raise exception 'no'; end $$;",
        "P0001",
    ),
    _one(
        "an error with an SQLSTATE of its own",
        "do $$ begin raise sqlstate 'ZZ123' using message = 'SQLSTATE 00000'; end $$",
        "ZZ123",
    ),
    _one(
        "a deferred constraint found at the end",
        f"{TABLE} create table b (i int references a deferrable initially deferred); insert into b values (1)",
        "23503",
    ),
    _one(
        "a division by zero behind a DO block that commits",
        f"{TABLE} do $$ begin insert into a values (1); commit; end $$; select 1 / 0",
        "22012",
    ),
    _one(
        "CONCURRENTLY in company",
        f"{TABLE} create index concurrently a_idx on a (i); insert into a values (7)",
        "applied",
    ),
    _one("an error behind CONCURRENTLY", f"{TABLE} create index concurrently a_idx on a (i); select 1 / 0", "22012"),
    _one(
        "CONCURRENTLY that fails",
        f"{TABLE} insert into a values (1); create index concurrently a_idx on a ((1 / (i - 1))); create table b ()",
        "22012",
    ),
    _one(
        "a unique CONCURRENTLY over duplicates",
        "create table a (i int); insert into a values (1), (1); create unique index concurrently a_idx on a (i)",
        "23505",
    ),
    _one("VACUUM in company", f"{TABLE} vacuum a; create table b ();", "applied"),
    _one("CREATE DATABASE in company", f"{TABLE} create database other", "25001"),
    _one("a transaction left open", f"begin; {TABLE}", "25001", "applied"),
    _one("BEGIN and COMMIT around it all", f"begin; {TABLE} commit;", "applied"),
    _one("an error within BEGIN and COMMIT", f"begin; {TABLE} select 1 / 0; commit;", "22012"),
    _one("an error behind COMMIT", f"begin; {TABLE} commit; select 1 / 0;", "22012"),
    _one("ROLLBACK at the end", f"begin; {TABLE} rollback;", "applied"),
    _one("ROLLBACK without BEGIN", f"{TABLE} rollback;", "applied"),
    _one("a savepoint without BEGIN", f"{TABLE} savepoint s; drop table a; rollback to s;", "25P01"),
    _one("LOCK TABLE without BEGIN", f"{TABLE} lock table a;", "25P01"),
    _one("SET ROLE left on", f"{TABLE} set role anon;", "42501"),
    _one(
        "SET ROLE of a role that may not write the ledger",
        "create table a (); grant all on a to anon; set local role anon; select 1",
        "42501",
    ),
    _one("SET search_path left on", "set search_path to pg_catalog; create table public.a ();", "applied"),
    _one("SET default_transaction_read_only left on", "set default_transaction_read_only to on;", "applied"),
    _one("a comment only", "-- nothing yet\n", "applied"),
    _one("a block comment only", "/* nothing yet */", "applied"),
    _one("an empty file", "", "applied"),
    _one("white space only", " \n\t\n", "applied"),
    _one("semicolons only", ";;\n;", "applied"),
    _one("CRLF", b"create table a (i int);\r\n-- why\r\ninsert into a\r\nvalues (1);\r\n", "applied"),
    _one("a byte order mark", b"\xef\xbb\xbfcreate table a ();", "applied"),
    _one(
        "a byte that is no UTF-8",
        b"create table a (); comment on table a is '\xff';",
        "refused",
        "applied",
        "objects",
        "ledger",
        "rows",
    ),
    _one("a NUL", b"create table a (); comment on table a is 'x\x00y';", "refused", "08P01"),
    _one("a literal that does not end", f"{TABLE} select 'x;", "42601"),
    _one("a comment that does not end", f"{TABLE} /* x;", "42601"),
    _one("a dollar quote that does not end", f"{TABLE} do $$ begin", "42601"),
    _one("a psql command", f"{TABLE}\n\\echo x\n", "42601"),
    _one("COPY with its rows", f"{TABLE}\ncopy a from stdin;\n1\n\\.\n", "42601", "08P01"),
    _one("COPY to the client", f"{TABLE} copy a to stdout;", "42601", "applied", "objects", "ledger", "rows"),
    _one("an enum's value added", "alter type e add value 'b';", "applied"),
    _one("an enum's value used at once", "alter type e add value 'b'; create table a (e e default 'b');", "55P04"),
    _one("NOTICE and WARNING", "do $$ begin raise notice 'n'; raise warning 'w'; end $$", "applied"),
    _one("a statement that returns rows", "select generate_series(1, 1000)", "applied"),
    _one("a parameter", "create table a (i int default $1)", "42P02"),
    _one(
        "a write to the ledger by hand",
        "insert into supabase_migrations.schema_migrations (version) values ('2')",
        "23505",
    ),
    _one("the ledger dropped", "drop schema supabase_migrations cascade", "42P01"),
    _one("a role that may not", "create table a (); alter table a owner to supabase_admin", "42501"),
    _one("the first line that wants no transaction", f"-- pg-delta: transaction=false\n{TABLE} select 1 / 0", "22012"),
    _one("an object that is there already", f"{TABLE} create type e as enum ()", "42710"),
    _one("DISCARD ALL", f"{TABLE} discard all;", "25001"),
    _one("RESET ALL", f"{TABLE} reset all;", "applied"),
    _one("SET SESSION AUTHORIZATION", f"{TABLE} set session authorization anon;", "42501"),
    _one("an advisory lock kept", f"{TABLE} select pg_advisory_lock(1);", "applied"),
    _one("ALTER SYSTEM", f"{TABLE} alter system set work_mem to '5MB';", "42501"),
    _one("PREPARE TRANSACTION", f"begin; {TABLE} prepare transaction 'p';", "55000"),
    _one("COMMIT AND CHAIN", f"begin; {TABLE} commit and chain; create table b (); commit", "applied"),
    _one("SET TRANSACTION first", f"set transaction isolation level serializable; {TABLE}", "applied"),
    _one("SET TRANSACTION READ ONLY", "set transaction read only; select 1", "25006"),
    _one(
        "SET TRANSACTION late",
        f"{TABLE} insert into a values (1); set transaction isolation level serializable;",
        "25001",
    ),
    _one("SET CONSTRAINTS", f"{TABLE} set constraints all deferred;", "applied"),
    _one("its own backend ended", f"{TABLE} select pg_terminate_backend(pg_backend_pid());", "refused", "57P01"),
    _one("its own statement cancelled", f"{TABLE} select pg_cancel_backend(pg_backend_pid()), pg_sleep(10);", "57014"),
    _one("BEGIN behind a comment", f"-- why\nbegin; {TABLE} commit; select 1 / 0", "22012"),
    _one("CONCURRENTLY behind a comment", f"{TABLE}\n-- why\ncreate index concurrently a_idx on a (i);", "applied"),
    _one("CONCURRENTLY with a comment in it", f"{TABLE} create /* c */ index concurrently a_idx on a (i);", "25001"),
    _one(
        "CONCURRENTLY within BEGIN and COMMIT",
        f"begin; {TABLE} create index concurrently a_idx on a (i); commit",
        "25001",
    ),
    _one(
        "the line that wants no transaction, not the first",
        f"-- why\n-- pg-delta: transaction=false\n{TABLE} select 1 / 0",
        "22012",
    ),
    _one("a table of the session used by the next file", "create temp table after (j int)", "applied"),
    _one("carriage returns alone", b"create table a (i int);\r-- why\rcreate table b ();", "applied"),
    _one(
        "an error behind a procedure that commits",
        "create procedure p() language plpgsql as $$ begin commit; end $$; call p(); select 1 / 0",
        "22012",
    ),
    _one("LISTEN", "listen x; notify x", "applied"),
    _one(
        "two statements in one EXECUTE", "do $$ begin execute 'create table a (); create table b ()'; end $$", "applied"
    ),
    Case(
        "a table of the session of an earlier run",
        {"2_b.sql": "insert into t values (1)"},
        "42P01",
        earlier={"1_a.sql": "create temp table t (i int)"},
    ),
    Case(
        "a table of the session of an earlier file",
        {"1_a.sql": "create temp table t (i int)", "2_b.sql": "insert into t values (1)"},
        "applied",
    ),
    Case("an error in the very first file", {"1_a.sql": "create table a (); select 1 / 0"}, "22012"),
    Case(
        "a syntax error in the second of two",
        {"1_a.sql": "create table a ()", "2_b.sql": "create tabel b ()"},
        "42601",
        left=_ALL,
    ),
    Case(
        "two files of one version",
        {"1_a.sql": "create table a ()", "1_b.sql": "create table b ()"},
        "refused",
        "23505",
        _ALL,
    ),
    Case(
        "one version written with zeros", {"1_a.sql": "create table a ()", "01_b.sql": "create table b ()"}, "applied"
    ),
    Case(
        "a file older than the newest applied",
        {"1_a.sql": "create table a ()"},
        "refused",
        earlier={"2_b.sql": "create table b ()"},
    ),
    Case(
        "the same with --include-all",
        {"1_a.sql": "create table a ()"},
        "applied",
        earlier={"2_b.sql": "create table b ()"},
        flags=("--include-all",),
    ),
    Case(
        "versions of unequal length",
        {"10_a.sql": "create table a ()", "9_b.sql": "create table b (); drop table a"},
        "applied",
    ),
    Case("a name without a version", {"1_a.sql": "create table a ()", "b.sql": "create table b ()"}, "applied"),
    Case(
        "a name without a name",
        {"1_a.sql": "create table a ()", "2_.sql": "create table b ()", "3.sql": "create table c ()"},
        "applied",
    ),
    Case(
        "another ending",
        {"1_a.sql": "create table a ()", "2_b.SQL": "create table b ()", "3_c.txt": "create table c ()"},
        "applied",
    ),
    Case("a name with blanks and signs", {"1_a b-c.d é.sql": "create table a ()"}, "applied"),
    Case("a hidden file", {"1_a.sql": "create table a ()", ".2_b.sql": "create table b ()"}, "applied"),
    Case(
        "a file applied and gone",
        {"1_a.sql": None, "2_b.sql": "create table b ()"},
        "refused",
        earlier={"1_a.sql": "create table a ()"},
    ),
    Case(
        "an early init",
        {"20200101000000_init.sql": "create table a ()", "20200102000000_b.sql": "create table b ()"},
        "applied",
    ),
)
