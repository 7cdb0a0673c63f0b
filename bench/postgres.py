"""PostgreSQL doing what a create does: the rows that clienteled writes, in one durable transaction.

A cluster of its own, by an unprivileged user, on a free loopback port; all settings are Debian's defaults.
"""
import contextlib
import os
import pathlib
import pwd
import re
import resource
import shutil
import subprocess
import time

import contenders

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
SCHEMA = """
create table customers(partner uuid, id uuid, name bytea not null, record bytea not null, primary key (partner, id));
create index customers_name on customers(partner, name, id);
create table domains(domain bytea primary key, partner uuid not null, id uuid not null);
create table audit(partner uuid, date bigint, id uuid, record bytea not null, primary key (partner, date, id));
create table idempotency(partner uuid, key uuid, created bigint not null, answer bytea not null,
    primary key (partner, key));
"""


def create_script(record_size: int, answer_size: int) -> str:
    """One statement, so one exchange and one transaction: the fastest form there is. Ids and names come in no order, as
    clienteled's do. An audit record is about as large as an answer: both hold the customer as JSON."""
    partner = "'c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4'::uuid"
    identity = "lpad(to_hex(:n::bigint), 32, '0')::uuid"
    name = "convert_to('company ' || :n::bigint, 'UTF8')"
    now = "(extract(epoch from now()) * 10000000)::bigint"

    def filler(size: int) -> str:
        return f"'{'x' * size}'::bytea"

    return f"""\\set n random(1, 1000000000000000)
with customer as (insert into customers values ({partner}, {identity}, {name}, {filler(record_size)})),
    domain as (insert into domains values ({name}, {partner}, {identity})),
    audit as (insert into audit values ({partner}, {now}, {identity}, {filler(answer_size)}))
insert into idempotency values ({partner}, {identity}, {now}, {filler(answer_size)});
"""


def unprivileged() -> dict:
    """Options to start a program with; PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def cluster(folder: pathlib.Path, schema: str | None = SCHEMA):
    """A new cluster, with a schema in its first database; its port."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if options := unprivileged():
        os.chown(folder, options["user"], options["group"])
    port, data, log = contenders.free_port(), folder / "data", folder.parent / "postgres.log"
    with open(log, "ab") as output:
        subprocess.run([PROGRAMS / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale"],
                       check=True, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, **options)
    command = [PROGRAMS / "postgres", "-D", data, "-h", "127.0.0.1", "-p", port, "-k", ""]
    with contenders.running(command, log, cwd=folder, **options) as process:
        deadline = time.monotonic() + contenders.READY_SECONDS_MAX
        while psql(port, "select 1").returncode != 0:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start: {log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.1)
        if schema:
            must(port, schema)
        yield port


def address(port: int) -> list:
    return ["-h", "127.0.0.1", "-p", str(port), "-U", "bench"]


def psql(port: int, text: str, database: str = "postgres") -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAMS / "psql", *address(port), "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", text, database],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def must(port: int, text: str, database: str = "postgres") -> str:
    """What a statement returns, which must succeed."""
    result = psql(port, text, database)
    if result.returncode != 0:
        raise RuntimeError(f"PostgreSQL does not take {text[:80]!r}: {result.stderr}")
    return result.stdout.strip()


def run(port: int, script: pathlib.Path, clients: int, seconds: int, seed: int, *where: str) -> tuple[float, float]:
    """Transactions a second, and pgbench's share of its core. A few transactions tell how many take so long: a time that
    is given to pgbench may be over before all are connected."""
    rate, _ = run_count(port, script, clients, 10, seed, *where)
    return run_count(port, script, clients, max(10, round(rate * seconds / clients)), seed + 1, *where)


def run_count(port: int, script: pathlib.Path, clients: int, count: int, seed: int, database: str = "postgres",
              session: str = "") -> tuple[float, float]:
    """The same for so many transactions of each client, with settings of their sessions."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(
        ["taskset", "-c", str(contenders.LOAD_CORE), PROGRAMS / "pgbench", *address(port), "-n", "-M", "prepared",
         "-f", script, f"-c{clients}", "-j1", f"-t{count}", f"--random-seed={seed}", database],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env={**os.environ, "PGOPTIONS": session})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate = re.search(r"tps = ([0-9.]+) \(without", result.stdout)
    if result.returncode != 0 or not rate or re.search(r"failed transactions: [1-9]", result.stdout):
        raise RuntimeError(f"pgbench ended with {result.returncode}:\n{result.stdout}{result.stderr}")
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(rate.group(1)), busy * float(rate.group(1)) / (clients * count)
