"""Rows of script/bench: the store on PostgreSQL."""
import concurrent.futures
import contextlib
import os
import pathlib

import contenders
import make_customers
import postgres
from measure import SEED, Ground, Load, compare, in_turn, race, replay, say, timed, write_requests

CONNECTIONS = 8  # to the database, on both sides
TABLES = ("store", "signing_key", "partner", "partner_domain", "application", "user_account", "user_grant", "link",
          "customer", "domain", "list_item", "shared", "list_state", "audit", "idempotency")
# As clienteled sets its sessions, so that both sides have one plan.
SESSION = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c jit=off"


def copy_words(direction: str, files: pathlib.Path) -> list[str]:
    return [word for table in TABLES for word in ("-c", f"\\copy clientele.{table} {direction} {files / table}")]


class Databases:
    """A cluster with databases that are migrated."""

    def __init__(self, port: int):
        self.port = port

    def url(self, name: str) -> str:
        return f"postgresql://bench@127.0.0.1:{self.port}/{name}"

    def make(self, name: str) -> str:
        """A new database of this name, instead of the old one; its address."""
        for text in (f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"):
            postgres.must(self.port, text)
        say([contenders.CLIENTELED, "migrate", "--store", self.url(name)])
        os.sync()  # nobody pays for what another left to write
        return self.url(name)

    def filled(self, ground: Ground, name: str) -> str:
        """One with the ground's store in it, as it is when it has been there for a while."""
        url = self.make(name)
        say([contenders.CLIENTELED, "copy", "--from", ground.store, "--to", url])
        postgres.must(self.port, "VACUUM ANALYZE", name)
        return url


@contextlib.contextmanager
def databases(ground: Ground):
    ground.folder.chmod(0o711)  # PostgreSQL is another user
    with postgres.cluster(ground.folder / "postgres", None) as port:
        yield Databases(port)


def serving(ground: Ground, url: str, port: int, *flags: str):
    """The address of its tokens is the ground's, whichever port it has."""
    return contenders.clientele(url, port, ground.folder / "clienteled.log", "--store-connections", CONNECTIONS,
                                f"--auth-public-url=http://127.0.0.1:{ground.port}", *flags)


def page_requests(ground: Ground):
    """Every page of the large list, asked for in random order."""
    pages, token = ground.pages("northwind"), ground.token("northwind")
    return write_requests(ground, "postgres.requests", [
        contenders.list_request(token, page.request_id, page.continuation, "Next") for page in pages])


def page_script(made: Databases, name: str) -> str:
    """For pgbench: the statement that clienteled has prepared for a page behind another, at places all over the list."""
    found = postgres.must(made.port, "SELECT DISTINCT query FROM pg_stat_activity WHERE application_name = 'clienteled'"
                          f" AND datname = '{name}' AND query LIKE '%list_item%$5%DESC%'")
    if not found:
        raise RuntimeError("no session of clienteled shows the statement of a page")
    partner = postgres.must(made.port, "SELECT partner FROM clientele.list_item GROUP BY partner"
                            " ORDER BY count(*) DESC LIMIT 1", name)
    words = [[word.lower() for word in words if word.isascii()] for words in (make_customers.FIRST, make_customers.SECOND)]
    arrays = ["(ARRAY[" + ",".join(f"'{word}'" for word in known) + "])" for known in words]
    begin = rf"'\x01'::bytea || convert_to({arrays[0]}[:first] || ' ' || {arrays[1]}[:second] || ' ' || :number, 'UTF8')"
    values = {"$1": f"'{partner}'::uuid", "$2": f"({begin})", "$3": r"'\x02'::bytea", "$4": "41", "$5": r"'\x01'::bytea"}
    statement = " ".join(found.split())
    for parameter, value in values.items():
        statement = statement.replace(parameter, value)
    return (f"\\set first random(1, {len(words[0])})\n\\set second random(1, {len(words[1])})\n"
            f"\\set number random(0, 999)\n{statement};\n")


def row_postgres(ground: Ground):
    """page of 40 from PostgreSQL against pgbench running the same statement, and two servers against one"""
    scale, seeds = ground.scale, iter(range(SEED, SEED + 1000, 2))
    with databases(ground) as made:
        url, script = made.filled(ground, "pages"), ground.folder / "page.sql"
        others = contenders.free_port()
        with serving(ground, url, ground.port), serving(ground, url, others):
            requests = page_requests(ground)
            replay(others, requests, scale.seconds, CONNECTIONS)  # tokens and pages of one are good at the other
            replay(ground.port, requests, scale.seconds, CONNECTIONS)
            script.write_text(page_script(made, "pages"), encoding="utf-8")
            script.chmod(0o644)
            loads = in_turn(scale.rounds, lambda: replay(ground.port, requests, scale.seconds, CONNECTIONS, next(seeds)),
                            lambda: Load(0, *postgres.run(made.port, script, CONNECTIONS, scale.seconds, next(seeds),
                                                          "pages", SESSION)))
            yield compare(f"page of 40 on PostgreSQL, random, {scale.customers:,} customers, {CONNECTIONS} connections;"
                          " pgbench, the same statement", loads, 0.4)

            def both() -> Load:
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    sides = list(pool.map(lambda port: replay(port, requests, scale.seconds, CONNECTIONS, next(seeds)),
                                          (ground.port, others)))
                return Load(0, sum(side.rate for side in sides), sum(side.share for side in sides))

            loads = in_turn(scale.rounds, both,
                            lambda: replay(ground.port, requests, scale.seconds, CONNECTIONS, next(seeds)))
            yield compare("the same from two servers on one database; one server", loads, None)


def row_copy(ground: Ground):
    """copy of a store into PostgreSQL against psql copying the same rows"""
    with databases(ground) as made:
        made.filled(ground, "origin")
        files = ground.folder / "rows"
        files.mkdir()
        psql = [postgres.PROGRAMS / "psql", "-qX", "-v", "ON_ERROR_STOP=1"]
        say([*psql, *copy_words("to", files), made.url("origin")])

        on_load_core = ["taskset", "-c", contenders.LOAD_CORE]

        def ours() -> float:
            url = made.make("copied")
            return timed([*on_load_core, contenders.CLIENTELED, "copy", "--from", ground.store, "--to", url])

        def theirs() -> float:
            url = made.make("copied")
            return timed([*on_load_core, *psql, *copy_words("from", files), url])

        yield race(ground, f"copy of {ground.scale.customers:,} customers into PostgreSQL; psql, the same rows", ours,
                   theirs, ground.scale.rounds, 0.7)
