#!/usr/bin/env python3
"""Two servers on two databases with synchronous replication, under 32 clients, while hosts are killed and cut off.

PostgreSQL's primary is killed, and hosts lose their cables, again and again. A client whose server does not answer or is
busy goes to the other one, as behind a balancer. Most writers send a request again until it is answered, with the same
MS-RequestId; some have none and never send anything twice. Afterwards what was answered must be there, nothing may have
been done twice, and each enumeration of the list must have shown every customer that was there all the while, once.

Environment: CLIENTELED, TEST_SEED, TEST_FULL. Prints TAP.
"""
import collections
import dataclasses
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time

import cluster_hosts
import crowd
import server
import tap

KILLS, CUTS = (10, 10) if server.is_full() else (1, 2)
CUT = ("primary", "server", "follower")  # in turn
CUT_SECONDS = (1, 10)
CUT_SECONDS_SHORT = {"primary": 7, "server": 3}  # enough to lose its place
KEYED, UNKEYED, READERS = 20, 4, 8  # clients
WEIGHTS = (4, 3, 3, 1)  # create, rename, delete, remove the relationship: about as many go as come
CUSTOMERS = 1000  # that nobody changes
PAGE = 100
PORT = 8080
ANSWER_SECONDS_MAX = 15  # that a client waits for an answer before it goes to the other server
OUTAGE_SECONDS_MAX = 120  # after which a client gives up, and the test with it
AGAIN_SECONDS = 0.1  # before it asks again
THINK_SECONDS = 0.05  # between two requests of a client: what is tried here is not speed
CALM_SECONDS = 1  # before an event
ROLES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "scaling.md"  # its SQL is what is run here


# ---- clients ---------------------------------------------------------------------------------------------


class Moments:
    """When anybody was answered."""

    def __init__(self):
        self.moments: list[float] = []

    def add(self) -> None:
        self.moments.append(time.monotonic())

    def longest_wait(self, begin: float, end: float) -> float:
        moments = sorted(moment for moment in list(self.moments) if begin <= moment <= end)
        return max(after - before for before, after in zip([begin, *moments], [*moments, end]))


class Balanced:
    """A client of both servers: one connection, to one of them at a time."""

    def __init__(self, servers: list[server.Server], first: int, token: str, answered: Moments):
        self.servers, self.now, self.token, self.answered = servers, first % len(servers), token, answered
        self.client: server.Client | None = None

    def close(self) -> None:
        if self.client:
            self.client.close()
        self.client = None

    def turn(self) -> None:
        self.close()
        self.now = (self.now + 1) % len(self.servers)

    def attempt(self, *request, **options) -> server.Answer | None:
        """An answer, or None if it is not known what became of the request: then the other server is next."""
        try:
            if not self.client:
                self.client = server.Client(self.servers[self.now], self.token, ANSWER_SECONDS_MAX)
            answer = self.client.send(*request, **options)
            if answer.status != 503:
                self.answered.add()
                return answer
        except OSError:
            pass
        self.turn()
        return None

    def send(self, *request, **options) -> server.Answer:
        """The same until there is an answer."""
        deadline = time.monotonic() + OUTAGE_SECONDS_MAX
        while not (answer := self.attempt(*request, **options)):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{request[:2]} is not answered within {OUTAGE_SECONDS_MAX} s")
            time.sleep(AGAIN_SECONDS)
        return answer


class Writer(crowd.Writer):
    """Changes customers until the crowd is over."""

    def __init__(self, *words):
        super().__init__(*words, count=10**9)
        self.ids: dict[str, str] = {}  # of every domain whose creation was answered

    def do(self, operation: crowd.Operation) -> None:
        if self.crowd.is_over:
            self.count = 0
            raise ConnectionAbortedError("over")
        super().do(operation)
        time.sleep(THINK_SECONDS)

    def take(self, operation: crowd.Operation, answer: server.Answer) -> None:
        super().take(operation, answer)
        if operation.method == "POST":
            self.ids[operation.domain] = answer.json["id"]


class Unkeyed(Writer):
    """Sends everything once, without MS-RequestId. What it does not know about it leaves alone from then on."""

    def do(self, operation: crowd.Operation) -> None:
        operation.headers.clear()
        try:
            super().do(operation)
        except UnansweredError:
            self.profiles.pop(operation.domain, None)


class UnansweredError(Exception):
    """It is not known what became of a request."""


class Once(Balanced):
    """Never sends a request twice."""

    def send(self, *request, **options) -> server.Answer:
        answer = self.attempt(*request, **options)
        if not answer:
            raise UnansweredError
        return answer


@dataclasses.dataclass
class Enumeration:
    begin: float
    end: float
    names: list[tuple[str, str]]  # domain and name of every item


class Reader(threading.Thread):
    """Reads the whole list, again and again, each page from the other server than the one before."""

    def __init__(self, crowd_: crowd.Crowd, client: Balanced):
        super().__init__(daemon=True)
        self.crowd, self.client = crowd_, client
        self.enumerations: list[Enumeration] = []
        self.trouble: str | None = None

    def run(self) -> None:
        try:
            while not self.crowd.is_over:
                self.enumerations.append(self.enumerate())
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.trouble = repr(error)
        finally:
            self.client.close()

    def enumerate(self) -> Enumeration:
        begin, names, target, headers = time.monotonic(), [], f"/v1/customers?size={PAGE}", {}
        while True:
            answer = self.client.send("GET", target, headers=headers)
            if answer.status != 200:
                raise RuntimeError(f"{target} is answered with {answer.status}: {answer.body!r}")
            names += [(item["companyProfile"]["domain"], item["companyProfile"]["companyName"])
                      for item in answer.json["items"]]
            if "ms-continuationtoken" not in answer.headers:
                return Enumeration(begin, time.monotonic(), names)
            target, headers = "/v1/customers?seekOperation=Next", {
                "MS-ContinuationToken": answer.headers["ms-continuationtoken"]}
            self.client.turn()
            time.sleep(THINK_SECONDS)


# ---- the ground ------------------------------------------------------------------------------------------


def succeed(result: subprocess.CompletedProcess) -> None:
    if result.returncode != 0:
        raise RuntimeError(result.stderr)


class Ground:
    """The hosts, the store on them, and everybody who uses it."""

    def __init__(self, folder: pathlib.Path, number: int):
        folder.chmod(0o755)
        self.folder, self.store = folder, folder / "store"
        self.chance = random.Random(number)
        self.cluster = cluster_hosts.Cluster(folder)
        self.hosts = [cluster_hosts.Host(f"server{number}", 20 + number) for number in (1, 2)]
        self.servers: list[server.Server] = []
        self.crowd = crowd.Crowd(number, WEIGHTS, time.monotonic)
        self.crowd.is_over = False
        self.written, self.read = Moments(), Moments()
        self.is_broken = False

    def prepare(self) -> None:
        primary = self.cluster.settle()
        create, grant = re.findall(r"```sql\n(.*?)```", ROLES.read_text(encoding="utf-8"), re.DOTALL)[:2]
        succeed(primary.psql(create.replace("OWNER-PASSWORD", cluster_hosts.OWNER_PASSWORD)
                             .replace("SERVER-PASSWORD", cluster_hosts.SERVER_PASSWORD)))
        owner = self.cluster.url("clientele_owner", cluster_hosts.OWNER_PASSWORD)
        server.run("migrate", "--store", owner)
        server.DATABASES[self.store] = owner
        server.run("init", "--data", self.store)
        succeed(primary.psql(grant, "clientele"))
        server.DATABASES[self.store] = self.cluster.url("clientele_server", cluster_hosts.SERVER_PASSWORD)
        self.partner = server.add_partner(self.store, "fabrikam.example", "--sandbox")
        server.run("generate", "--data", self.store, "--partner", self.partner.domain, "--count", CUSTOMERS,
                   "--seed", self.chance.randrange(1 << 30))
        for host in self.hosts:
            self.servers.append(server.Server(
                self.store, "--auth-public-url=http://clientele.example", prefix=tuple(host.prefix()),
                listen=f"{host.address}:{PORT}", name=host.name))

    def join(self) -> None:
        """Let all clients begin."""
        with server.signed_in(self.servers[0], self.partner) as client:
            token = client.token
            self.unchanged = [(item["companyProfile"]["domain"], item["companyProfile"]["companyName"])
                              for item in server.list_all(client)]
        self.writers = [Writer(self.crowd, number, Balanced(self.servers, number, token, self.written))
                        for number in range(KEYED)]
        self.writers += [Unkeyed(self.crowd, number, Once(self.servers, number, token, self.written))
                         for number in range(KEYED, KEYED + UNKEYED)]
        self.readers = [Reader(self.crowd, Balanced(self.servers, number, token, self.read))
                        for number in range(READERS)]
        for client in (*self.writers, *self.readers):
            client.start()

    def leave(self) -> None:
        """Let all clients end what they are at."""
        self.crowd.is_over = True
        for client in (*self.writers, *self.readers):
            client.join()
        if troubles := [client.trouble for client in (*self.writers, *self.readers) if client.trouble]:
            raise RuntimeError("\n".join(troubles))
        self.operations = [operation for writer in self.writers for operation in writer.operations]

    def calm(self) -> cluster_hosts.Database:
        """Wait until all has been well for a while; the primary."""
        primary = None
        while not primary or self.cluster.primary() is not primary:
            primary = self.cluster.settle()
            time.sleep(CALM_SECONDS)
        return primary

    def play(self, what: str) -> None:
        """One event, until everything is as before."""
        primary = self.calm()
        begin = time.monotonic()
        if what == "kill":
            primary.kill_postmaster()
            told = f"{primary.name}, the primary, is killed"
        else:
            host = {"primary": primary, "follower": self.cluster.other(primary),
                    "server": self.chance.choice(self.hosts)}[what]
            seconds = self.chance.uniform(*CUT_SECONDS) if server.is_full() else CUT_SECONDS_SHORT[what]
            host.plug(False)
            time.sleep(seconds)
            host.plug(True)
            told = f"{host.name}, {'a' if what == 'server' else 'the'} {what}, is cut off for {seconds:.1f} s"
        after = self.cluster.settle()
        end = time.monotonic()
        while not (self.written.moments[-1] > end and self.read.moments[-1] > end):
            if time.monotonic() > end + OUTAGE_SECONDS_MAX:
                raise RuntimeError(f"{told}: nobody is answered again")
            time.sleep(0.1)
        end = time.monotonic()
        print(f"# {told}; {after.name} is the primary; longest wait for a change "
              f"{self.written.longest_wait(begin, end):.1f} s, for a page {self.read.longest_wait(begin, end):.1f} s",
              flush=True)

    def logs(self) -> list[str]:
        """The end of what everybody wrote."""
        return [f"{log.name}: {line}" for log in sorted(self.folder.glob("*.log"))
                for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:]]

    def end(self) -> None:
        self.crowd.is_over = True
        for running in self.servers:
            if running.process.poll() is None:
                running.kill()
        for host in self.hosts:
            host.end()
        self.cluster.end()


# ---- checks ----------------------------------------------------------------------------------------------


def check_events(ground: Ground) -> list[str]:
    plan = ["kill"] * KILLS + [CUT[number % len(CUT)] for number in range(CUTS)]
    ground.chance.shuffle(plan)
    try:
        ground.prepare()
        ground.join()
        begin = time.monotonic()
        for what in plan:
            ground.play(what)
        time.sleep(CALM_SECONDS)
        end = time.monotonic()
        ground.leave()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        return [*str(error).splitlines(), *ground.logs()]
    print(f"# longest wait of all for a change {ground.written.longest_wait(begin, end):.1f} s, for a page "
          f"{ground.read.longest_wait(begin, end):.1f} s")
    print(f"# {len(ground.operations)} changes, {sum(operation.end is None for operation in ground.operations)} of them "
          f"without an answer; {sum(len(reader.enumerations) for reader in ground.readers)} enumerations")
    return []


def check_writes(ground: Ground) -> list[str]:
    """The list, and the audit: of every customer whose changes were all answered, each is audited once."""
    ground.cluster.settle()
    with server.signed_in(ground.servers[1], ground.partner) as client:
        items = server.list_all(client)
        records = [record for record in server.list_all(client, "/v1/auditrecords?size=500")
                   if record["resourceType"] == "customer"]
    allowed = crowd.may_be(ground.operations) | {domain: {name} for domain, name in ground.unchanged}
    complaints = crowd.compare(items, allowed)
    ids = {domain: customer for writer in ground.writers for domain, customer in writer.ids.items()}
    audited, done, unsure = collections.Counter(), collections.Counter(), set()
    for record in records:
        audited[record["customerId"], record["operationType"]] += 1
    for operation in ground.operations:
        customer = ids.get(operation.domain)
        done[customer, crowd.AUDITED[operation.method]] += 1
        if operation.end is None:
            unsure.add(customer)
    for customer in set(ids.values()) - unsure:
        for kind in crowd.AUDITED.values():
            if audited[customer, kind] != done[customer, kind]:
                complaints.append(f"{customer}: {kind} is audited {audited[customer, kind]} times, but was done "
                                  f"{done[customer, kind]} times")
    return complaints[:crowd.COMPLAINTS_MAX]


class Directory:
    """What was surely in the list at a moment that only goes on, and whose changes were under way."""

    def __init__(self, ground: Ground):
        self.names = dict(ground.unchanged)
        self.changing: collections.Counter[str] = collections.Counter()
        self.begun = sorted(ground.operations, key=lambda operation: operation.begin)
        self.ended = sorted((operation for operation in ground.operations if operation.end is not None),
                            key=lambda operation: operation.end)
        self.begun_count = self.ended_count = 0

    def go_to(self, moment: float) -> None:
        while self.begun_count < len(self.begun) and self.begun[self.begun_count].begin < moment:
            self.changing[self.begun[self.begun_count].domain] += 1
            self.begun_count += 1
        while self.ended_count < len(self.ended) and self.ended[self.ended_count].end < moment:
            operation = self.ended[self.ended_count]
            self.changing[operation.domain] -= 1
            self.names.pop(operation.domain, None)
            if operation.name is not None:
                self.names[operation.domain] = operation.name
            self.ended_count += 1
        self.changing = +self.changing

    def judge(self, enumeration: Enumeration) -> list[str]:
        """What it shows wrong of customers that did not change meanwhile; enumerations come by their beginnings."""
        self.go_to(enumeration.begin)
        changed, at = set(self.changing), self.begun_count
        while at < len(self.begun) and self.begun[at].begin < enumeration.end:
            changed.add(self.begun[at].domain)
            at += 1
        shown = collections.Counter((domain, name) for domain, name in enumeration.names if domain not in changed)
        wanted = collections.Counter((domain, name) for domain, name in self.names.items() if domain not in changed)
        return [f"{domain} ({name}) is shown {shown[domain, name]} times, not {wanted[domain, name]}"
                for domain, name in (shown - wanted) + (wanted - shown)]


def check_enumerations(ground: Ground) -> list[str]:
    directory, complaints = Directory(ground), []
    for enumeration in sorted((enumeration for reader in ground.readers for enumeration in reader.enumerations),
                              key=lambda enumeration: enumeration.begin):
        complaints += directory.judge(enumeration)
    return complaints[:crowd.COMPLAINTS_MAX]


def check_store(ground: Ground) -> list[str]:
    try:
        for running in ground.servers:
            running.stop()
        server.run("check", "--data", ground.store)
    except RuntimeError as error:
        return str(error).splitlines()
    return []


def run(check, ground: Ground) -> list[str]:
    """None of them says anything once one has failed."""
    if ground.is_broken:
        return ["not looked at"]
    complaints = check(ground)
    ground.is_broken = bool(complaints)
    return complaints


def main() -> int:
    if reason := cluster_hosts.why_not():
        print(f"1..0 # SKIP {reason}")
        return 0
    with tempfile.TemporaryDirectory(prefix="clientele-cluster-") as folder:
        ground = Ground(pathlib.Path(folder), server.seed())
        checks = [
            (f"clients are served through {KILLS} kills of the primary and {CUTS} cuts", check_events),
            ("every change that was answered is there, and none was done twice", check_writes),
            ("every enumeration shows each customer that was there all the while once", check_enumerations),
            ("the servers stop well and the store is whole", check_store)]
        try:
            return tap.run_checks([(name, lambda check=check: run(check, ground)) for name, check in checks])
        finally:
            ground.end()


if __name__ == "__main__":
    sys.exit(main())
