"""What every row of script/bench stands on: the ground with its stores, and measuring both sides in turn."""
import dataclasses
import functools
import pathlib
import random
import statistics
import subprocess
import time
import uuid

import contenders
import make_customers

BENCH = pathlib.Path(__file__).resolve().parent
SEED = 40
CONNECTIONS = 16
LOAD_BOUND = 0.95


@dataclasses.dataclass(frozen=True)
class Scale:
    customers: int  # imported for northwind; the demo's 40 stand there already
    rounds: int  # each side so many times, in turn
    seconds: int  # of load, each time
    starts: int
    memory_requests: int  # at least
    memory_tokens: int
    rotated_tokens: int


FULL = Scale(customers=1_000_000, rounds=3, seconds=5, starts=41, memory_requests=100_000, memory_tokens=1000,
             rotated_tokens=10_000)
QUICK = Scale(customers=2_000, rounds=1, seconds=1, starts=3, memory_requests=2_000, memory_tokens=20,
              rotated_tokens=50)


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
    for port, requests in (ours, theirs) if scale.rounds > 1 else ():
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
