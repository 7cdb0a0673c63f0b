#!/usr/bin/env python3
"""A PostgreSQL of its own for tests: a temporary cluster on a free port of 127.0.0.1, by an unprivileged user.

As a program: `postgres.py COMMAND...` runs the command with TEST_POSTGRES, the address of a database in which
others can be made, and ends with its exit code. Where that variable is set already, it is used: so script/test starts
one for all tests, and each test of meson, run alone, one for itself. With `--set NAME=VALUE` before the command it always
gets one of its own, with that setting. Nothing is left behind, however the command ends.
"""
import contextlib
import ctypes
import os
import pathlib
import pwd
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

VARIABLE = "TEST_POSTGRES"
PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
START_SECONDS_MAX = 60
PORTS_TRIED = 100
STARTS_MAX = 5  # somebody else may take the port that was free
OWNER = "tester"
# Nothing here outlives the machine: no test of these cuts its power. What cleans up must not be met by surprise.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200",
            "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0", "max_wal_size=4GB",
            "checkpoint_timeout=1h", "logging_collector=off", "log_min_messages=fatal")
PR_SET_PDEATHSIG = 1
SYSTEM = ctypes.CDLL(None)


def unprivileged() -> dict:
    """Options to start a program with: PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def free_port() -> int:
    """Below those that the kernel gives to whoever connects: one that starts again finds its port free."""
    first = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(max(1024, first - 10000), first), PORTS_TRIED):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:  # somebody has it
                continue
            return port
    raise RuntimeError(f"none of {PORTS_TRIED} ports below {first} is free")


def start(data: pathlib.Path, log: pathlib.Path, port: int, more: list[str]) -> subprocess.Popen | None:
    """A server that answers, or None if it has ended."""
    settings = [word for setting in (*SETTINGS, *more) for word in ("-c", setting)]
    # In the words of its manual: fast shutdown. It is for the whole process group, as Ctrl-C is, and for our death.
    with open(log, "ab") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "INT", PROGRAMS / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port),
             "-k", "", *settings],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=data, **unprivileged())
    deadline = time.monotonic() + START_SECONDS_MAX
    while process.poll() is None:
        if subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)],
                          check=False).returncode == 0:
            return process
        if time.monotonic() > deadline:
            end(process)
            raise RuntimeError(f"PostgreSQL does not answer within {START_SECONDS_MAX} s:\n{log.read_text()[-2000:]}")
        time.sleep(0.02)
    return None


def end(process: subprocess.Popen) -> None:
    """At once: nobody needs what is in it."""
    process.send_signal(signal.SIGQUIT)
    process.wait()


@contextlib.contextmanager
def cluster(more: list[str]):
    """A new cluster inside the `with`, with further settings; the address of its first database."""
    if not (PROGRAMS / "postgres").exists():
        raise RuntimeError(f"{PROGRAMS} has no PostgreSQL 15; script/bootstrap test installs it")
    with tempfile.TemporaryDirectory(prefix="clientele-postgres-") as name:
        folder = pathlib.Path(name)
        data, log = folder / "data", folder / "log"
        if options := unprivileged():
            os.chown(folder, options["user"], options["group"])
        made = subprocess.run([PROGRAMS / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-locale",
                               "--no-sync"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, cwd=folder, **unprivileged())
        if made.returncode != 0:
            raise RuntimeError(f"initdb ended with {made.returncode}:\n{made.stdout}")
        for _ in range(STARTS_MAX):
            port = free_port()
            if process := start(data, log, port, more):
                break
        else:
            raise RuntimeError(f"PostgreSQL does not start:\n{log.read_text()[-2000:]}")
        try:
            yield f"postgresql://{OWNER}@127.0.0.1:{port}/postgres"
        finally:
            end(process)


def follow(command: list[str]) -> int:
    """Run a command that hears the signals that we hear; its exit code."""
    # What a terminal sends reaches it without us.
    signal.signal(signal.SIGINT, lambda *_: None)
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda number, _: process.send_signal(number))
    code = process.wait()
    return code if code >= 0 else 128 - code


def main() -> int:
    command, more = sys.argv[1:], []
    while len(command) > 1 and command[0] == "--set":
        more.append(command[1])
        command = command[2:]
    if not command:
        print("usage: postgres.py [--set NAME=VALUE]... COMMAND...", file=sys.stderr)
        return 2
    if os.environ.get(VARIABLE) and not more:
        os.execvp(command[0], command)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with cluster(more) as address:
            os.environ[VARIABLE] = address
            return follow(command)
    except RuntimeError as error:
        print(f"postgres.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
