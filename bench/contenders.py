"""The programs that are measured: each starts on a free loopback port, pinned to a core, and ends by its pid."""
import contextlib
import http.client
import json
import os
import pathlib
import resource
import socket
import subprocess
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLIENTELED = ROOT / "bin" / "clienteled"
CLIENTELE = ROOT / "bin" / "clientele"
SECRET = "demo-secret-not-for-production"
LIST = "/v1/customers?size=40"
PARTNERS = {  # made by `clienteled init --demo`: domain, application
    "fabrikam": ("fabrikam.example", "0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60"),
    "northwind": ("northwind.example", "6a7b8c9d-0e1f-4a2b-9c3d-4e5f60718293"),
}
NORTHWIND_COUNT = 40  # customers of the demo
READY_SECONDS_MAX = 60

_cores = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = _cores[0], _cores[-1]


# ---- processes -------------------------------------------------------------------------------------------


def start(command: list, **options) -> subprocess.Popen:
    """Start a program on the server's core. It inherits the core, so that no `taskset` is timed with it."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, **options)
    finally:
        os.sched_setaffinity(0, own)


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(command: list, log: pathlib.Path, **options):
    """A program that runs inside the `with`; what it says goes to `log`."""
    with open(log, "ab") as output:
        process = start(command, stdout=output, stderr=output, **options)
    try:
        yield process
    finally:
        end(process)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


# ---- requests --------------------------------------------------------------------------------------------


def list_request(token: str, request_id: str, continuation: str = "", seek: str = "") -> bytes:
    """The bytes of one list request, the same for whoever answers it."""
    lines = [f"GET {LIST}{f'&seekOperation={seek}' if seek else ''} HTTP/1.1", "Host: 127.0.0.1",
             f"Authorization: Bearer {token}", "Accept: application/json", "Accept-Encoding: identity",
             f"MS-RequestId: {request_id}", f"MS-CorrelationId: {request_id}"]
    if continuation:
        lines.append(f"MS-ContinuationToken: {continuation}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def create_request(token: str) -> bytes:
    """The bytes of one create; replay.lua puts a number in place of the twelve zeros."""
    zeros = "000000000000"
    body = json.dumps({
        "companyProfile": {"domain": f"customer-{zeros}.example"},
        "billingProfile": {
            "email": "ada@contoso.example", "culture": "en-US", "language": "en", "companyName": f"Company {zeros}",
            "defaultAddress": {"country": "US", "city": "Redmond", "state": "WA", "addressLine1": "1 Main St",
                               "postalCode": "98052", "firstName": "Ada", "lastName": "Byron"}}})
    lines = ["POST /v1/customers HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}",
             "Accept: application/json", "Content-Type: application/json", f"Content-Length: {len(body)}",
             f"MS-RequestId: 00000000-1111-4000-8000-{zeros}", "MS-CorrelationId: 22222222-1111-4000-8000-333333333333"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=READY_SECONDS_MAX)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exchange(connection: socket.socket, request: bytes, status: int = 200) -> tuple[http.client.HTTPResponse, bytes]:
    connection.sendall(request)
    response = http.client.HTTPResponse(connection)
    response.begin()
    body = response.read()
    if response.status != status:
        raise RuntimeError(f"answered {response.status}: {body[:200]!r}")
    return response, body


def fetch(port: int, request: bytes, status: int = 200) -> bytes:
    with connect(port) as connection:
        return exchange(connection, request, status)[1]


def wait_until_it_answers(process: subprocess.Popen, port: int, request: bytes) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while True:
        try:
            fetch(port, request)
            return
        except (OSError, http.client.HTTPException):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args[0]} does not answer") from None
            time.sleep(0.05)


# ---- Clientele -------------------------------------------------------------------------------------------


def serve_command(store: pathlib.Path | str, port: int) -> list:
    """A store is a folder, or the address of a database."""
    return [CLIENTELED, "serve", "--store" if isinstance(store, str) else "--data", store, "--listen", f"127.0.0.1:{port}", "--threads", "1",
            "--log-requests=false", "--log-level=warning", "--throttle-tokens-per-client=0"]


@contextlib.contextmanager
def clientele(store: pathlib.Path | str, port: int, log: pathlib.Path, *flags):
    is_ready, ready = os.pipe()
    command = serve_command(store, port) + ["--ready-fd", ready, *flags]
    try:
        with running(command, log, pass_fds=[ready]) as process:
            os.close(ready)
            ready = -1
            if not os.read(is_ready, 1):
                raise RuntimeError(f"clienteled does not start: {log.read_text(encoding='utf-8')[-500:]}")
            yield process
    finally:
        os.close(is_ready)
        if ready >= 0:
            os.close(ready)


AUDIENCE = "https://api.partnercenter.microsoft.com"


def token_form(partner: str) -> str:
    return urllib.parse.urlencode({"grant_type": "client_credentials", "resource": AUDIENCE,
                                   "client_id": PARTNERS[partner][1], "client_secret": SECRET})


def token_request(path: str, partner: str) -> bytes:
    """The bytes of one request for a token, the same for whoever issues it but for the path."""
    form = token_form(partner)
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded",
             f"Content-Length: {len(form)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + form).encode()


def get_token(port: int, partner: str) -> str:
    domain, form = PARTNERS[partner][0], token_form(partner)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{domain}/oauth2/token", form.encode()) as answer:
        return json.load(answer)["access_token"]


# ---- the others ------------------------------------------------------------------------------------------


# nginx keeps every file open that it has sent, and has to do with the descriptors that we may have.
OPEN_FILES = min(90_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 2_000)


@contextlib.contextmanager
def nginx(folder: pathlib.Path, file: str, request: bytes):
    """nginx answering every list with a file. `file` may hold nginx variables: a header chooses the page."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    configuration = folder / "nginx.conf"
    temporary = "\n".join(f"    {kind}_temp_path {folder}/{kind};"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration.write_text(f"""
{"user root;" if os.geteuid() == 0 else ""}
daemon off;
worker_processes 1;
worker_rlimit_nofile {OPEN_FILES + 2_000};
pid {folder}/pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
{temporary}
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max={OPEN_FILES} inactive=1d;
    open_file_cache_valid 1d;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    default_type application/json;
    server {{
        listen 127.0.0.1:{port};
        location = /v1/customers {{ alias {file}; }}
    }}
}}
""")
    command = ["nginx", "-e", "stderr", "-c", configuration]
    with running(command, folder / "log") as process:
        wait_until_it_answers(process, port, request)
        yield port


def write_mock(name: str, folder: pathlib.Path, page: dict, port: int) -> list:
    """Write what the mock server needs to answer the list with `page`; its command."""
    program = ROOT / "bench" / "node_modules" / ".bin"
    file = folder / "data.json"
    if name == "json-server":
        file.write_text(json.dumps({"customers": page}))
        routes = folder / "routes.json"
        routes.write_text(json.dumps({"/v1/*": "/$1"}))
        return [program / "json-server", "--quiet", "--host", "127.0.0.1", "--port", port, "--routes", routes, file]
    if name == "Prism":
        file.write_text(json.dumps({
            "openapi": "3.0.3", "info": {"title": "Customers", "version": "1"},
            "paths": {"/v1/customers": {"get": {"responses": {"200": {
                "description": "A page", "content": {"application/json": {"example": page}}}}}}}}))
        return [program / "prism", "mock", "--verboseLevel", "silent", "--host", "127.0.0.1", "--port", port, file]
    file.write_text(json.dumps({
        "uuid": "6f1c1b0e-0000-4000-8000-000000000001", "name": "Customers", "port": port, "hostname": "127.0.0.1",
        "routes": [{
            "uuid": "6f1c1b0e-0000-4000-8000-000000000002", "type": "http", "method": "get",
            "endpoint": "v1/customers",
            "responses": [{"uuid": "6f1c1b0e-0000-4000-8000-000000000003", "statusCode": 200, "default": True,
                           "headers": [{"key": "Content-Type", "value": "application/json"}],
                           "body": json.dumps(page), "disableTemplating": True}]}]}))
    return [program / "mockoon-cli", "start", "--data", file, "--repair", "--disable-log-to-file",
            "--disable-admin-api", "--hostname", "127.0.0.1", "--port", port]


@contextlib.contextmanager
def mock(name: str, folder: pathlib.Path, page: bytes, request: bytes):
    port = free_port()
    folder.mkdir(exist_ok=True)
    command = write_mock(name, folder, json.loads(page), port)
    with running(command, folder / "log", cwd=folder) as process:
        wait_until_it_answers(process, port, request)
        yield port


@contextlib.contextmanager
def provider(folder: pathlib.Path, partner: str):
    """npm's oidc-provider, which knows the partner's application."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    command = ["node", ROOT / "bench" / "provider.mjs", port, PARTNERS[partner][1], SECRET, AUDIENCE]
    with running(command, folder / "log", env={**os.environ, "NODE_ENV": "production"}) as process:
        wait_until_it_answers(process, port, token_request("/token", partner))
        yield port
