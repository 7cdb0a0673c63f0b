#!/usr/bin/env python3
"""What script/bench runs: one function a row, both sides of each measured in turn; see design.md, section 8.

Usage: run.py [--quick] [ROW...]
"""
import argparse
import dataclasses
import datetime
import functools
import json
import os
import pathlib
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

import contenders
import make_customers
import postgres

BENCH = pathlib.Path(__file__).resolve().parent
SEED = 40
CONNECTIONS = 16
WRITERS = 64
RECORD_SIZE = 300  # bytes that clienteled keeps of a created customer, beside what is audited and answered
LOAD_BOUND = 0.95


@dataclasses.dataclass(frozen=True)
class Scale:
    customers: int  # imported for northwind; the demo's 40 stand there already
    rounds: int  # each side so many times, in turn
    seconds: int  # of load, each time
    starts: int
    memory_requests: int  # at least
    memory_tokens: int


FULL = Scale(customers=1_000_000, rounds=3, seconds=5, starts=41, memory_requests=100_000, memory_tokens=1000)
QUICK = Scale(customers=2_000, rounds=1, seconds=1, starts=3, memory_requests=2_000, memory_tokens=20)


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    ours: str
    theirs: str
    ratio: str
    wanted: str
    is_met: bool | None = None  # nothing was wanted
    load_share: float | None = None  # of the load generator's core; the busier of both sides

    def cells(self) -> list[str]:
        share = "" if self.load_share is None else f"{self.load_share:.0%}"
        if self.load_share is not None and self.load_share >= LOAD_BOUND:
            share += " load-bound"
        return [self.name, self.ours, self.theirs, self.ratio, self.wanted,
                {None: "", True: "met", False: "missed"}[self.is_met], share]


HEAD = ["row", "ours", "theirs", "ratio", "wanted", "verdict", "load generator's CPU"]


# ---- the ground: a store with both partners --------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Page:
    """A page that a continuation token leads to. Its answer lies in the file `request_id` of its folder."""
    request_id: str
    continuation: str


class Ground:
    """Everything below one temporary folder. One port for all runs of clienteled: the address is the tokens' issuer."""

    def __init__(self, folder: pathlib.Path, scale: Scale):
        self.folder = folder
        self.scale = scale
        self.port = contenders.free_port()
        self.pages = functools.cache(self.collect_pages)

    @functools.cached_property
    def csv(self) -> pathlib.Path:
        file = self.folder / "customers.csv"
        with open(file, "w", encoding="utf-8") as out:
            make_customers.write_customers(out, self.scale.customers, SEED)
        return file

    def new_store(self, name: str) -> pathlib.Path:
        data = self.folder / name
        say([contenders.CLIENTELED, "init", "--demo", "--data", data])
        return data

    def import_command(self, data: pathlib.Path) -> list:
        return [contenders.CLIENTELED, "import", "--data", data, "--partner", contenders.PARTNERS["northwind"][0],
                "--rejects", self.folder / "rejects", self.csv]

    @functools.cached_property
    def store(self) -> pathlib.Path:
        data = self.new_store("store")
        say(self.import_command(data))
        return data

    def counts(self) -> dict[str, str]:
        return {"fabrikam": "28,073 customers", "northwind": f"{self.scale.customers:,} customers"}

    def clientele(self):
        return contenders.clientele(self.store, self.port, self.folder / "clienteled.log")

    def token(self, partner: str) -> str:
        return contenders.get_token(self.port, partner)

    def collect_pages(self, partner: str) -> list[Page]:
        """Read the whole list once: every page but the first, and in files what was answered."""
        folder = self.folder / f"pages-{partner}"
        folder.mkdir()
        chance = random.Random(SEED)
        pages = []
        with contenders.connect(self.port) as connection:
            token = self.token(partner)
            answer, _ = contenders.exchange(connection, contenders.list_request(token, new_id(chance)))
            while continuation := answer.getheader("MS-ContinuationToken"):
                if pages and pages[-1].continuation == continuation:
                    raise RuntimeError("the list does not go on")
                page = Page(new_id(chance), continuation)
                answer, body = contenders.exchange(
                    connection, contenders.list_request(token, page.request_id, continuation, "Next"))
                (folder / page.request_id).write_bytes(body)
                pages.append(page)
        return pages


def new_id(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def say(command: list, **options) -> None:
    """Run a program to its end; what it says is shown only if it fails."""
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{command[0]} {command[1]} ended with {result.returncode}:\n{result.stdout[-2000:]}")


# ---- measuring -------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Load:
    requests: int
    rate: float  # requests a second
    share: float  # of the load generator's core
    median_ms: float = 0  # latency
    p99_ms: float = 0


def replay_command(port: int, requests: pathlib.Path, seconds: float, connections: int, seed: int) -> list[str]:
    return ["taskset", "-c", str(contenders.LOAD_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
            "-s", str(BENCH / "replay.lua"), f"http://127.0.0.1:{port}/", "--", str(requests), str(seed)]


def read_replay(output: str) -> Load:
    words = {line.split()[0]: [float(word) for word in line.split()[1:]] for line in output.splitlines()
             if line.startswith(("replayed ", "latency "))}
    count, duration, failures, busy = words["replayed"]
    if failures or not count:
        raise RuntimeError(f"{failures:.0f} of {count:.0f} requests failed:\n{output}")
    return Load(int(count), count / duration, busy / duration, *words["latency"])


def replay(port: int, requests: pathlib.Path, seconds: float, connections: int = CONNECTIONS, seed: int = SEED) -> Load:
    """Send the requests of a file, in random order, for so long."""
    result = subprocess.run(replay_command(port, requests, seconds, connections, seed), stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, check=True)
    return read_replay(result.stdout)


def in_turn(rounds: int, ours, theirs) -> tuple[list, list]:
    """Measure A B A B ...: what slows the machine for a while slows both."""
    results = ([], [])
    for _ in range(rounds):
        results[0].append(ours())
        results[1].append(theirs())
    return results


def duel(ground: Ground, name: str, ours: tuple[int, pathlib.Path], theirs: tuple[int, pathlib.Path],
         wanted: float) -> Row:
    """Requests a second of two sides; a side is a port and a file of requests."""
    scale = ground.scale
    for port, requests in (ours, theirs):
        replay(port, requests, scale.seconds)  # warm: caches filled, code compiled
    return compare(name, in_turn(scale.rounds, lambda: replay(*ours, scale.seconds),
                                 lambda: replay(*theirs, scale.seconds)), wanted)


def compare(name: str, loads: tuple[list[Load], list[Load]], wanted: float | None) -> Row:
    """Rates of both sides; None: whatever the ratio."""
    rates = [statistics.median(load.rate for load in side) for side in loads]
    ratio = rates[0] / rates[1]
    return Row(name, f"{rates[0]:,.0f}/s", f"{rates[1]:,.0f}/s", f"{ratio:.2f}x",
               f"at least {wanted:g}x" if wanted else "", ratio >= wanted if wanted else None,
               max(statistics.median(load.share for load in side) for side in loads))


def race(ground: Ground, name: str, ours, theirs, rounds: int, wanted: float = 1) -> Row:
    """Seconds of two sides; ours shall be so many times as fast."""
    times = [statistics.median(side) for side in in_turn(rounds, ours, theirs)]
    ratio = times[1] / times[0]
    return Row(name, duration(times[0]), duration(times[1]), f"{ratio:.2f}x", f"at least {wanted:.2g}x", ratio >= wanted)


def duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def timed(command: list) -> float:
    begin = time.perf_counter()
    process = contenders.start(command, stdout=subprocess.DEVNULL)
    if process.wait() != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - begin


def write_requests(ground: Ground, name: str, requests: list[bytes]) -> pathlib.Path:
    file = ground.folder / name
    file.write_bytes(b"".join(requests))
    return file


# ---- rows ------------------------------------------------------------------------------------------------


def row_hot(ground: Ground):
    """page of 40, hot, against nginx sending the same bytes from a file"""
    for partner, count in ground.counts().items():
        with ground.clientele():
            request = contenders.list_request(ground.token(partner), new_id(random.Random(SEED)))
            requests = write_requests(ground, "hot.requests", [request])
            page = ground.folder / "hot.json"
            page.write_bytes(contenders.fetch(ground.port, request))
            with contenders.nginx(ground.folder / "nginx", page, request) as port:
                yield duel(ground, f"page of 40, hot, {count}; nginx", (ground.port, requests), (port, requests), 1.0)


def row_random(ground: Ground):
    """page of 40, random page, against nginx sending the same bytes from as many files"""
    for partner, count in ground.counts().items():
        with ground.clientele():
            pages = ground.pages(partner)
            pages = random.Random(SEED).sample(pages, min(len(pages), contenders.OPEN_FILES))
            token = ground.token(partner)
            requests = [contenders.list_request(token, page.request_id, page.continuation, "Next") for page in pages]
            file = write_requests(ground, "random.requests", requests)
            answers = ground.folder / f"pages-{partner}"
            with contenders.nginx(ground.folder / "nginx", f"{answers}/$http_ms_requestid", requests[0]) as port:
                for request in random.Random(SEED).sample(requests, 20):
                    if contenders.fetch(ground.port, request) != contenders.fetch(port, request):
                        raise RuntimeError("nginx and clienteled answer different bytes")
                yield duel(ground, f"page of 40, random, {count}; nginx", (ground.port, file), (port, file), 0.8)


def row_mocks(ground: Ground):
    """page of 40 against json-server, Prism and Mockoon with the same page"""
    with ground.clientele():
        request = contenders.list_request(ground.token("northwind"), new_id(random.Random(SEED)))
        requests = write_requests(ground, "mocks.requests", [request])
        page = contenders.fetch(ground.port, request)
        for name in ("json-server", "Prism", "Mockoon"):
            with contenders.mock(name, ground.folder / name, page, request) as port:
                if json.loads(contenders.fetch(port, request)) != json.loads(page):
                    raise RuntimeError(f"{name} answers another page")
                yield duel(ground, f"page of 40; {name}", (ground.port, requests), (port, requests), 20)


def row_last(ground: Ground):
    """last page of 40 against the first"""
    for partner, count in ground.counts().items():
        with ground.clientele():
            token, request_id = ground.token(partner), new_id(random.Random(SEED))
            first = contenders.list_request(token, request_id)
            with contenders.connect(ground.port) as connection:
                continuation = contenders.exchange(connection, first)[0].getheader("MS-ContinuationToken")
                last = contenders.list_request(token, request_id, continuation, "Last")
                page = json.loads(contenders.exchange(connection, last)[1])
            if len(page["items"]) != 40 or "next" in page["links"]:
                raise RuntimeError("this is not the last page")
            yield duel(ground, f"last page of {count}; first page",
                       (ground.port, write_requests(ground, "last.requests", [last])),
                       (ground.port, write_requests(ground, "first.requests", [first])), 0.9)


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


def row_memory(ground: Ground):
    """anonymous memory after many list requests with many tokens"""
    scale = ground.scale
    with ground.clientele():
        pages = ground.pages("northwind")
    with ground.clientele() as process:
        tokens = list({ground.token("northwind") for _ in range(scale.memory_tokens)})
        if len(tokens) < scale.memory_tokens:
            raise RuntimeError(f"only {len(tokens)} of {scale.memory_tokens} tokens differ")
        count = max(len(pages), len(tokens))
        requests = write_requests(ground, "memory.requests", [
            contenders.list_request(tokens[i % len(tokens)], page.request_id, page.continuation, "Next")
            for i, page in ((i, pages[i % len(pages)]) for i in range(count))])
        done = 0
        while done < scale.memory_requests:
            done += replay(ground.port, requests, scale.seconds, connections=64).requests
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    mebibytes = int(next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:"))) / 1024
    yield Row(f"memory (RssAnon) after {done:,} lists, 64 connections, {len(tokens):,} tokens,"
              f" {scale.customers:,} customers", f"{mebibytes:.1f} MiB", "", "", "at most 16 MiB", mebibytes <= 16)


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


def reader(ground: Ground, name: str, libraries: list) -> pathlib.Path:
    """Build one of the C programs of this folder."""
    program = ground.folder / name
    say(["cc", "-O2", f"-I{contenders.ROOT / 'include'}", BENCH / f"{name}.c", *libraries, "-o", program])
    return program


def read_list(ground: Ground, command: list, page_size: int, token: str) -> list[float]:
    """What a program prints that reads the whole list, on the load's core."""
    words = ["taskset", "-c", contenders.LOAD_CORE, *command, f"http://127.0.0.1:{ground.port}", page_size]
    result = subprocess.run([str(word) for word in words], env=os.environ | {"TOKEN": token}, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {result.returncode}:\n{result.stderr[-2000:]}")
    return [float(word) for word in result.stdout.split()]


def row_sdk(ground: Ground):
    """the SDK reads the whole list into structs, against Node (fetch, JSON.parse) and against libcurl that parses nothing"""
    library = contenders.ROOT / "build" / "release" / "src" / "sdk"
    sdk = reader(ground, "sdk_read", [library / "libclientele.so", f"-Wl,-rpath,{library}"])
    curl = reader(ground, "curl_read", ["-lcurl"])
    expected = ground.scale.customers + contenders.NORTHWIND_COUNT
    growths = []

    def ours(page_size: int) -> float:
        count, seconds, growth = read_list(ground, [sdk], page_size, token)
        if count != expected:
            raise RuntimeError(f"the SDK read {count:.0f} customers of {expected}")
        growths.append(growth / 1024)
        return seconds

    with ground.clientele():
        token = ground.token("northwind")
        ours(500)  # warm
        name = f"SDK reads {expected:,} customers in pages of"
        yield race(ground, f"{name} 500; Node, fetch and JSON.parse", lambda: ours(500),
                   lambda: read_list(ground, ["node", BENCH / "node_read.mjs"], 500, token)[1], ground.scale.rounds, 5)
        for page_size in (500, 40):
            yield race(ground, f"{name} {page_size}; libcurl, nothing parsed", lambda: ours(page_size),
                       lambda: read_list(ground, [curl], page_size, token)[1], ground.scale.rounds)
    growth = max(growths)
    yield Row(f"memory of the SDK over its first page, {expected:,} customers", f"{growth:.1f} MiB", "", "", "at most 4 MiB",
              growth <= 4)


# What a person would write: page after page, each through jq.
CURL_AND_JQ = r"""
set -eu -o pipefail
next=
: >"$1"
while :; do
    curl -sS "$URL?size=500${next:+&seekOperation=Next}" -D "$1.headers" -H "Authorization: Bearer $TOKEN" \
        ${next:+-H "MS-ContinuationToken: $next"} | jq $2 "$3" >>"$1"
    next=$(sed -n 's/^MS-ContinuationToken: \([A-Za-z0-9_-]*\).*/\1/p' "$1.headers")
    [ -n "$next" ] || break
done
"""


def row_cli(ground: Ground):
    """the command line: the first 40 customers against curl, the whole list in a file against curl and jq"""
    folder = ground.folder / "cli"
    folder.mkdir()
    domain, application = contenders.PARTNERS["fabrikam"]
    with ground.clientele():
        address = f"http://127.0.0.1:{ground.port}"
        url, token = f"{address}/v1/customers", ground.token("fabrikam")
        environment = os.environ | {"XDG_CONFIG_HOME": str(folder), "TOKEN": token, "URL": url}

        def seconds(*command, text: str = "") -> float:
            begin = time.perf_counter()
            words = ["taskset", "-c", contenders.LOAD_CORE, *command]
            result = subprocess.run([str(word) for word in words], env=environment, input=text, capture_output=True,
                                    text=True, check=False)
            if result.returncode != 0:
                raise RuntimeError(f"{command[0]} ended with {result.returncode}:\n{result.stderr[-2000:]}")
            return time.perf_counter() - begin

        def export(name: str) -> float:
            return seconds(contenders.CLIENTELE, "customers", "export", folder / f"ours.{name}", "--restart")

        seconds(contenders.CLIENTELE, "login", "--base-url", address, "--tenant", domain, "--client-id", application,
                "--secret-file", "-", text=contenders.SECRET)
        yield race(ground, "clientele customers list, 40 of them, whole process; curl",
                   lambda: seconds(contenders.CLIENTELE, "customers", "list", "--limit", "40", "--page-size", "40",
                                   "--output", "json"),
                   lambda: seconds("curl", "-sS", f"{url}?size=40", "-H", f"Authorization: Bearer {token}"),
                   ground.scale.starts, 1 / 1.5)
        for name, option, program in (
                ("ndjson", "-c", ".items[]"),
                ("csv", "-r", ".items[] | [.id, .companyProfile.companyName, .companyProfile.domain, "
                              ".relationshipToPartner] | @csv")):
            yield race(ground, f"clientele customers export, 28,073 to {name}; curl and jq", lambda: export(name),
                       lambda: seconds("bash", "-c", CURL_AND_JQ, "bash", folder / f"theirs.{name}", option, program),
                       ground.scale.rounds, 5)
            lines = [(folder / f"{side}.{name}").read_bytes().count(b"\n") for side in ("ours", "theirs")]
            if abs(lines[0] - lines[1]) > 1:  # CSV has a heading
                raise RuntimeError(f"the exports differ: {lines[0]} and {lines[1]} lines")


ROWS = {function.__name__.removeprefix("row_"): function
        for function in (row_hot, row_random, row_mocks, row_last, row_import, row_start, row_memory,
                         row_create, row_latency, row_sdk, row_cli)}


# ---- the report ------------------------------------------------------------------------------------------


def first_line(*command) -> str:
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False)
    return result.stdout.splitlines()[0].strip() if result.stdout else "?"


def machine() -> list[str]:
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                if line.startswith("model name")), platform.machine())
    memory = int(first_line("sed", "-n", "s/^MemTotal: *\\([0-9]*\\).*/\\1/p", "/proc/meminfo")) / 1024 ** 2
    packages = json.loads((BENCH / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return [
        f"date: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
        f"machine: {cpu}, {os.cpu_count()} cores, {memory:.1f} GiB, Linux {platform.release()}",
        f"cores: server on {contenders.SERVER_CORE}, load on {contenders.LOAD_CORE}",
        f"measured: {first_line(contenders.CLIENTELED, '--version')}",
        f"against: {first_line('nginx', '-v').removeprefix('nginx version: ')}, "
        f"sqlite3 {first_line('sqlite3', '--version').split()[0]}, "
        f"PostgreSQL {first_line(postgres.PROGRAMS / 'postgres', '--version').split()[2]}, "
        f"Node {first_line('node', '--version')}, "
        + ", ".join(f"{name} {version}" for name, version in packages.items()),
        f"load: {first_line('wrk', '-v').split(' Copyright')[0]}, 1 thread, {CONNECTIONS} connections",
    ]


def show(rows: list[Row]) -> None:
    table = [HEAD] + [row.cells() for row in rows]
    widths = [max(len(cells[i]) for cells in table) for i in range(len(HEAD))]
    for cells in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip())


def write_results(rows: list[Row], facts: list[str]) -> None:
    lines = ["# Figures", "", "Written by `script/bench`. Both sides of a row were measured in one run, in turn;",
             "shown are medians. *ratio*: our rate by the other's, or its time by ours; more is better.", ""]
    lines += [f"- {fact}" for fact in facts]
    lines += ["", "| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    (BENCH / "RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def measure(names: list[str], scale: Scale) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory(prefix="clientele-bench-") as folder:
        ground = Ground(pathlib.Path(folder), scale)
        for name in names:
            for row in ROWS[name](ground):
                print(f"{row.name}: {row.ours}", file=sys.stderr, flush=True)
                rows.append(row)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", epilog="rows: " + "; ".join(
        f"{name}: {function.__doc__}" for name, function in ROWS.items()))
    parser.add_argument("--quick", action="store_true", help="small data, a second a side: only to see that it runs")
    parser.add_argument("rows", metavar="ROW", nargs="*", help="these rows only")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended
    if contenders.SERVER_CORE == contenders.LOAD_CORE:
        print("script/bench: only one core; the figures say nothing", file=sys.stderr)

    try:
        rows = measure(options.rows or list(ROWS), QUICK if options.quick else FULL)
    except RuntimeError as error:
        print(f"script/bench: {error}", file=sys.stderr)
        return 1
    facts = machine()
    print("\n".join(facts), end="\n\n")
    show(rows)
    if not options.quick and not options.rows:
        write_results(rows, facts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
