"""Rows of script/bench: the store: import, start, creates, reading while others write."""
import os
import random
import shutil
import statistics
import subprocess
import time

import contenders
import postgres
from measure import (SEED, Ground, Load, Row, compare, in_turn, new_id, race, read_replay, replay, replay_command, say,
                     timed, write_requests)

WRITERS = 64
RECORD_SIZE = 300  # bytes that clienteled keeps of a created customer, beside what is audited and answered


def row_import(ground: Ground):
    """import from CSV against sqlite3 .import into a table with its indexes"""
    database = ground.folder / "customers.sqlite"
    schema = """create table customers(companyName text not null, domain text not null, country text, state text,
                    city text, postalCode text);
                create index customers_name on customers(companyName);
                create unique index customers_domain on customers(domain);"""

    def ours() -> float:
        data = ground.new_store("import")
        os.sync()  # nobody pays for what another left to write
        seconds = timed(ground.import_command(data))
        shutil.rmtree(data)
        return seconds

    def theirs() -> float:
        database.unlink(missing_ok=True)
        say(["sqlite3", database, schema])
        os.sync()
        return timed(["sqlite3", database, f".import --csv --skip 1 {ground.csv} customers"])

    name = f"import of {ground.scale.customers:,} rows from CSV; sqlite3 .import"
    ground.csv.stat()  # made before the clock runs
    yield race(ground, name, ours, theirs, ground.scale.rounds)


def row_start(ground: Ground):
    """start to first answered request against `node -e 0`"""
    with ground.clientele():
        request = contenders.list_request(ground.token("northwind"), new_id(random.Random(SEED)))
    command = contenders.serve_command(ground.store, ground.port)

    def ours() -> float:
        begin = time.perf_counter()
        process = contenders.start(command)
        try:
            while True:
                try:
                    contenders.fetch(ground.port, request)
                    return time.perf_counter() - begin
                except ConnectionError:
                    if process.poll() is not None:
                        raise RuntimeError("clienteled does not start") from None
        finally:
            contenders.end(process)

    yield race(ground, f"start to first answer, {ground.scale.customers:,} customers; node -e 0", ours,
               lambda: timed(["node", "-e", "0"]), ground.scale.starts)


def row_create(ground: Ground):
    """durable creates against PostgreSQL writing the same rows"""
    scale, seeds = ground.scale, iter(range(SEED, SEED + 1000, 2))
    data, script = ground.new_store("create"), ground.folder / "create.sql"
    ground.folder.chmod(0o711)  # PostgreSQL is another user
    with contenders.clientele(data, ground.port, ground.folder / "clienteled.log"), \
            postgres.cluster(ground.folder / "postgres") as port:
        request = contenders.create_request(ground.token("northwind"))
        requests = write_requests(ground, "create.requests", [request])
        answer = contenders.fetch(ground.port, request, 201)
        script.write_text(postgres.create_script(RECORD_SIZE, len(answer)), encoding="ascii")
        script.chmod(0o644)
        for clients, wanted in ((1, None), (WRITERS, 0.8)):
            loads = in_turn(scale.rounds,
                            lambda: replay(ground.port, requests, scale.seconds, clients, next(seeds)),
                            lambda: Load(0, *postgres.run(port, script, clients, scale.seconds, next(seeds))))
            yield compare(f"durable creates, {clients} client{'s' * (clients > 1)}; PostgreSQL, the same rows", loads,
                          wanted)


def row_latency(ground: Ground):
    """latency of the list while others write, against idle"""
    scale, seeds = ground.scale, iter(range(SEED, SEED + 1000))
    data = ground.new_store("latency")
    with contenders.clientele(data, ground.port, ground.folder / "clienteled.log"):
        reads = write_requests(ground, "read.requests", [
            contenders.list_request(ground.token("fabrikam"), new_id(random.Random(SEED)))])
        writes = write_requests(ground, "write.requests", [contenders.create_request(ground.token("northwind"))])

        def idle() -> Load:
            return replay(ground.port, reads, scale.seconds, connections=1)

        def beside_writers() -> Load:
            # They begin before and end behind what is measured.
            writers = subprocess.Popen(replay_command(ground.port, writes, scale.seconds + 2, WRITERS, next(seeds)),
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            time.sleep(1)
            load = idle()
            read_replay(writers.communicate()[0])
            return load

        idle()
        busy, calm = in_turn(scale.rounds, beside_writers, idle)
        medians, p99s = ([statistics.median(getattr(load, name) for load in side) for side in (busy, calm)]
                         for name in ("median_ms", "p99_ms"))
        yield Row(f"list latency, p50/p99, while {WRITERS} clients write; idle",
                  f"{medians[0]:.2f}/{p99s[0]:.2f} ms", f"{medians[1]:.2f}/{p99s[1]:.2f} ms",
                  f"{p99s[0] / p99s[1]:.1f}x", "p99 at most 10x", p99s[0] <= 10 * p99s[1])
