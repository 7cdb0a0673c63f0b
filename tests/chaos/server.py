"""A store of its own for a test, servers on it, and clients: as plain as can be, and fast.

The environment names the program, CLIENTELED, and what stores are on: TEST_STORE is `postgresql`, or else it is a folder.
Either way a store goes by a folder's name here; databases are dropped with the cluster of tests/support/postgres.py.
Nothing here retries: a connection that breaks is the caller's affair.
"""
import contextlib
import ctypes
import dataclasses
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

PROGRAM = os.environ.get("CLIENTELED", "bin/clienteled")
SECONDS_MAX = 60  # nothing takes so long, whatever the machine has to do
ENVIRONMENT = {**os.environ, "CLIENTELE_STORE_MAP_SIZE": "16G"}
DATABASES: dict[pathlib.Path, str] = {}  # address of the store that goes by this name


def seed() -> int:
    """This run's seed, printed once it is asked for; TEST_SEED sets it."""
    number = int(os.environ.get("TEST_SEED") or time.time())
    print(f"# seed {number}", flush=True)
    return number


def is_full() -> bool:
    """The full counts, for script/chaos."""
    return bool(os.environ.get("TEST_FULL"))


def run(*words, code: int = 0) -> str:
    """Run a sub-command that must end with this exit code; what it printed."""
    result = subprocess.run([PROGRAM, *on_store(words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            check=False, timeout=SECONDS_MAX, env=ENVIRONMENT)
    if result.returncode != code:
        raise RuntimeError(f"{' '.join(map(str, words))}: ended with {result.returncode}\n"
                           f"{result.stdout}{result.stderr}")
    return result.stdout


# ---- stores ----------------------------------------------------------------------------------------------


def on_store(words: tuple) -> list[str]:
    """The words of a command; where they name a folder that goes for a database, they name that."""
    command = list(words)
    for i, word in enumerate(words[:-1]):
        if word == "--data" and words[i + 1] in DATABASES:
            command[i:i + 2] = "--store", DATABASES[words[i + 1]]
    return [str(word) for word in command]


@dataclasses.dataclass(frozen=True)
class Partner:
    domain: str
    tenant: str
    application: str
    secret: str


def new_store(folder: pathlib.Path) -> None:
    if os.environ.get("TEST_STORE") == "postgresql":
        DATABASES[folder] = new_database()
    run("init", "--data", folder)


def new_database() -> str:
    """The address of a new database with the schema."""
    origin = os.environ.get("TEST_POSTGRES")
    if not origin:
        raise RuntimeError(f"run this test as `tests/support/postgres.py python3 {sys.argv[0]}`")
    name = f"test_{random.SystemRandom().getrandbits(64):016x}"
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", origin, "-c", f"CREATE DATABASE {name}"], check=True,
                   stdin=subprocess.DEVNULL, timeout=SECONDS_MAX)
    address = f"{origin.rpartition('/')[0]}/{name}"
    run("migrate", "--store", address)
    return address


def add_partner(folder: pathlib.Path, domain: str, *flags: str) -> Partner:
    run("partner", "add", domain, *flags, "--data", folder)
    shown = dict(line.split() for line in run("app", "add", "--partner", domain, "--data", folder).splitlines())
    return Partner(domain, shown["tenant"], shown["application"], shown["secret"])


# ---- servers ---------------------------------------------------------------------------------------------

PR_SET_PDEATHSIG = 1
SYSTEM = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In the child: it ends with us, whatever becomes of the test."""
    SYSTEM.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """A running `clienteled serve`."""

    def __init__(self, folder: pathlib.Path, *flags: str, environment: dict[str, str] | None = None,
                 prefix: tuple[str, ...] = (), listen: str = "127.0.0.1:0", name: str | None = None):
        is_ready, ready = os.pipe()
        self.log = open(folder.parent / f"{name or folder.name}.log", "a+b")
        self.process = subprocess.Popen(
            [*prefix, PROGRAM, *on_store(("serve", "--data", folder)), f"--listen={listen}", f"--ready-fd={ready}",
             "--log-requests=false", "--auth-require-user=false", "--throttle-per-minute=0", *flags],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, pass_fds=[ready], preexec_fn=end_with_parent,
            env={**ENVIRONMENT, **(environment or {})})
        os.close(ready)
        with open(is_ready, encoding="ascii") as pipe:
            address = pipe.readline().strip()
        if not address:
            self.process.wait(SECONDS_MAX)
            raise RuntimeError(f"the server does not start: {self.said()}")
        host, _, port = address.rpartition(":")
        self.address = host, int(port)

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4000:]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(SECONDS_MAX)
        if code != 0:
            raise RuntimeError(f"the server ended with {code}: {self.said()}")
        self.log.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()


@contextlib.contextmanager
def serving(folder: pathlib.Path, *flags: str, **options):
    """A server that runs inside the `with` and must stop well behind it."""
    server = Server(folder, *flags, **options)
    try:
        yield server
    except BaseException:
        server.kill()
        raise
    server.stop()


# ---- clients ---------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self) -> int | None:
        """The code of an error."""
        return self.json["code"] if self.status >= 400 and self.body else None


class Client:
    """One connection, one request at a time."""

    def __init__(self, server: Server, token: str | None = None, seconds: float = SECONDS_MAX):
        self.socket = socket.create_connection(server.address, timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.token = token

    def close(self) -> None:
        self.socket.close()

    def sign_in(self, partner: Partner) -> str:
        form = urllib.parse.urlencode({
            "grant_type": "client_credentials", "resource": "https://api.partnercenter.microsoft.com",
            "client_id": partner.application, "client_secret": partner.secret})
        answer = self.send("POST", f"/{partner.tenant}/oauth2/token", form.encode(),
                           {"Content-Type": "application/x-www-form-urlencoded"})
        self.token = answer.json["access_token"]
        return self.token

    def send(self, method: str, target: str, body: bytes | dict | None = None,
             headers: dict[str, str] | None = None) -> Answer:
        """Exchange one request; ConnectionError if it breaks."""
        lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        if body is not None or method in ("PUT", "POST", "PATCH", "DELETE"):
            lines.append(f"Content-Length: {len(body or b'')}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))
        return self._read(method == "HEAD")

    def _read(self, is_head: bool) -> Answer:
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            self._receive()
        status, *lines = self.received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        code = int(status.split()[1])
        size = 0 if is_head or code in (204, 304) else int(headers["content-length"])
        while len(self.received) < end + 4 + size:
            self._receive()
        body, self.received = self.received[end + 4:end + 4 + size], self.received[end + 4 + size:]
        return Answer(code, headers, body)

    def _receive(self) -> None:
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionResetError("the server has closed")
        self.received += data


@contextlib.contextmanager
def signed_in(server: Server, partner: Partner):
    client = Client(server)
    try:
        client.sign_in(partner)
        yield client
    finally:
        client.close()


# ---- customers -------------------------------------------------------------------------------------------


def new_id(chance: random.Random) -> str:
    bits = f"{chance.getrandbits(128):032x}"
    return "-".join((bits[:8], bits[8:12], "4" + bits[13:16], "8" + bits[17:20], bits[20:]))


def customer_body(domain: str, name: str) -> dict:
    """What POST /v1/customers needs."""
    return {"companyProfile": {"domain": domain},
            "billingProfile": {"email": f"ada@{domain}", "culture": "en-US", "language": "en", "companyName": name,
                               "defaultAddress": {"country": "US", "city": "Redmond", "state": "WA",
                                                  "addressLine1": "1 Main St", "postalCode": "98052",
                                                  "firstName": "Ada", "lastName": "Byron"}}}


def list_all(client: Client, target: str = "/v1/customers?size=500") -> list[dict]:
    """Every item of a list, page by page."""
    items, headers = [], {}
    while True:
        answer = client.send("GET", target, headers=headers)
        if answer.status != 200:
            raise RuntimeError(f"{target} is answered with {answer.status}: {answer.body!r}")
        items += answer.json["items"]
        if "ms-continuationtoken" not in answer.headers:
            return items
        target = target.partition("?")[0] + "?seekOperation=Next"
        headers = {"MS-ContinuationToken": answer.headers["ms-continuationtoken"]}
