"""Hosts of a cluster on one machine: each in network, process and mount namespaces of its own, joined by a bridge.

The bridge lies in a network namespace that this process enters, so the machine's own network stays as it is. All hosts
end when this process does, with everything that runs on them: nothing has a name outside.
"""
import contextlib
import ctypes
import json
import os
import pathlib
import pwd
import subprocess
import time
import urllib.request

import server

CLONE_NEWNET = 0x40000000
SYSTEM = ctypes.CDLL(None, use_errno=True)
PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
ETCD, PATRONI = pathlib.Path("/usr/bin/etcd"), pathlib.Path("/usr/bin/patroni")
NETWORK = "10.77.0"
BRIDGE = "bridge"
STORE_ADDRESS = f"{NETWORK}.10"
SETTLE_SECONDS_MAX = 90
USER = "postgres"
OWNER_PASSWORD, SERVER_PASSWORD, SUPERUSER_PASSWORD = "owner-of-the-cluster-test", "server-of-it", "superuser-of-it"
# Quick to notice: a host is given up after 5 s. The sum of loop and twice the retry may not be more than the lease.
TTL, LOOP_WAIT, RETRY_TIMEOUT = 5, 1, 2


def why_not() -> str | None:
    """Why there can be no cluster here, if so. Otherwise this process is in a network of its own from now on."""
    for program in (PROGRAMS / "postgres", ETCD, PATRONI):
        if not program.exists():
            return f"{program} is missing; script/bootstrap test installs it"
    if os.geteuid() != 0:
        return "network namespaces need root"
    if SYSTEM.unshare(CLONE_NEWNET) != 0:
        return f"no network namespace can be made here: {os.strerror(ctypes.get_errno())}"
    try:
        ip("link", "set", "lo", "up")
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        Host("probe", 9).end()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no hosts can be made here: {error} {getattr(error, 'stderr', '')}"
    return None


def ip(*words) -> None:
    subprocess.run(["ip", *map(str, words)], check=True, capture_output=True, text=True)


class Host:
    """A host with an address and a cable."""

    def __init__(self, name: str, number: int):
        self.name, self.address = name, f"{NETWORK}.{number}"
        # Whatever loses its parent is reaped: its first process ignores the deaths of its children.
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--pid", "--mount-proc", "--fork", "--kill-child", "sh", "-c",
             "echo up; exec env --ignore-signal=CHLD sleep infinity"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, preexec_fn=server.end_with_parent)
        if self.holder.stdout.readline() != b"up\n":
            raise OSError("unshare does not work")
        children = pathlib.Path(f"/proc/{self.holder.pid}/task/{self.holder.pid}/children").read_text(encoding="ascii")
        self.first = children.split()[0]
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", self.first)
        ip("link", "set", name, "master", BRIDGE, "up")
        for words in (("link", "set", "lo", "up"), ("addr", "add", f"{self.address}/24", "dev", "eth0"),
                      ("link", "set", "eth0", "up")):
            subprocess.run([*self.prefix(), "ip", *words], check=True, capture_output=True, text=True)

    def prefix(self) -> list[str]:
        """Words before a command that shall have this host's network."""
        return ["nsenter", "-t", self.first, "-n", "--"]

    def start(self, command: list, log: pathlib.Path, **options) -> None:
        """Run a program on this host as an unprivileged user until the host ends."""
        user = pwd.getpwnam(USER)
        with open(log, "ab") as output:
            subprocess.Popen(
                ["nsenter", "-t", self.first, "-n", "-p", "-m", "--", "setpriv", f"--reuid={user.pw_uid}",
                 f"--regid={user.pw_gid}", "--clear-groups", *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=server.end_with_parent, **options)

    def plug(self, is_in: bool) -> None:
        """The cable: out, everything that is sent is lost and nobody is told."""
        ip("link", "set", self.name, "up" if is_in else "down")

    def end(self) -> None:
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()


class Database(Host):
    """A host with PostgreSQL under Patroni."""

    def __init__(self, name: str, number: int, folder: pathlib.Path):
        super().__init__(name, number)
        self.folder = folder / name
        self.folder.mkdir(mode=0o700)
        user = pwd.getpwnam(USER)
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.log = folder / f"{name}.log"
        file = self.folder / "patroni.yml"
        file.write_text(json.dumps(self.settings()), encoding="ascii")  # JSON is YAML
        self.start([PATRONI, file], self.log, cwd=self.folder)

    def settings(self) -> dict:
        return {
            "scope": "clientele", "name": self.name,
            "restapi": {"listen": f"{self.address}:8008", "connect_address": f"{self.address}:8008"},
            "etcd3": {"host": f"{STORE_ADDRESS}:2379"},
            "bootstrap": {
                "dcs": {"ttl": TTL, "loop_wait": LOOP_WAIT, "retry_timeout": RETRY_TIMEOUT,
                        "synchronous_mode": True, "synchronous_mode_strict": True,
                        # One that has crashed is not waited for, if the other can take its place.
                        "primary_start_timeout": 0,
                        "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": {
                            "wal_log_hints": "on", "wal_keep_size": "256MB", "max_connections": 100}}},
                "initdb": [{"encoding": "UTF8"}, "no-locale", "no-sync"]},
            "postgresql": {
                "listen": f"127.0.0.1,{self.address}:5432", "connect_address": f"{self.address}:5432",
                "data_dir": str(self.folder / "data"), "bin_dir": str(PROGRAMS), "pgpass": str(self.folder / "pgpass"),
                "authentication": {"superuser": {"username": "postgres", "password": SUPERUSER_PASSWORD},
                                   "replication": {"username": "replicator", "password": "replicator-of-it"}},
                "pg_hba": ["local all all trust", "host replication replicator 127.0.0.1/32 scram-sha-256", f"host replication replicator {NETWORK}.0/24 scram-sha-256",
                           f"host all all {NETWORK}.0/24 scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256"],
                # No host loses its power here, so nothing need reach a disk.
                "parameters": {"unix_socket_directories": str(self.folder), "fsync": "off", "shared_buffers": "64MB",
                               "wal_sender_timeout": "3s", "wal_receiver_timeout": "3s",
                               "wal_retrieve_retry_interval": "500ms", "log_min_messages": "warning"}}}

    def kill_postmaster(self) -> None:
        """SIGKILL, by the number that it has on this host."""
        number = (self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0]
        subprocess.run(["nsenter", "-t", self.first, "-p", "-m", "--", "kill", "-KILL", number], check=True)

    def psql(self, text: str, database: str = "postgres") -> subprocess.CompletedProcess:
        """Run a statement as the superuser, through the socket."""
        return subprocess.run([PROGRAMS / "psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "postgres",
                               database], input=text, capture_output=True, text=True, check=False,
                              env={**os.environ, "PGOPTIONS": "-c statement_timeout=5s"})

    def query(self, text: str) -> str | None:
        """What a statement returns; None if it fails or PostgreSQL is not there."""
        result = self.psql(text)
        return result.stdout.strip() if result.returncode == 0 else None

    def is_primary(self, follower: str) -> bool:
        """It takes writes, this one keeps them too before they are answered, and may take its place: all three say so."""
        return self.query("SELECT NOT pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_replication WHERE"
                          f" application_name = '{follower}' AND state = 'streaming' AND sync_state = 'sync')"
                          ) == "t" and self.roles() == {self.name: "leader", follower: "sync_standby"}

    def roles(self) -> dict[str, str]:
        """What Patroni says of each that runs."""
        try:
            with urllib.request.urlopen(f"http://{self.address}:8008/cluster", timeout=2) as answer:
                return {member["name"]: member["role"] for member in json.load(answer)["members"]
                        if member["state"] in ("running", "streaming")}
        except OSError:
            return {}


class Cluster:
    """etcd and two databases, from their making to a database with its roles."""

    def __init__(self, folder: pathlib.Path):
        self.store = Host("etcd", 10)
        etcd = folder / "etcd"
        etcd.mkdir(mode=0o700)
        user = pwd.getpwnam(USER)
        os.chown(etcd, user.pw_uid, user.pw_gid)
        url = f"http://{STORE_ADDRESS}"
        self.log = folder / "etcd.log"
        self.store.start([ETCD, "--data-dir", etcd, "--unsafe-no-fsync", "--listen-client-urls", f"{url}:2379",
                          "--advertise-client-urls", f"{url}:2379", "--listen-peer-urls", f"{url}:2380",
                          "--initial-advertise-peer-urls", f"{url}:2380", "--initial-cluster", f"default={url}:2380"],
                         self.log)
        self.databases = [Database(f"db{number}", 10 + number, folder) for number in (1, 2)]

    def url(self, role: str, password: str) -> str:
        hosts = ",".join(f"{host.address}:5432" for host in self.databases)
        return f"postgresql://{role}:{password}@{hosts}/clientele"

    def primary(self) -> Database | None:
        return next((host for host in self.databases if host.is_primary(self.other(host).name)), None)

    def settle(self) -> Database:
        """Wait until one takes writes and the other follows; the first."""
        deadline = time.monotonic() + SETTLE_SECONDS_MAX
        while not (primary := self.primary()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the databases do not settle within {SETTLE_SECONDS_MAX} s")
            time.sleep(0.1)
        return primary

    def other(self, database: Database) -> Database:
        return next(host for host in self.databases if host is not database)

    def end(self) -> None:
        for host in (*self.databases, self.store):
            host.end()


@contextlib.contextmanager
def cluster(folder: pathlib.Path):
    made = Cluster(folder)
    try:
        yield made
    finally:
        made.end()
