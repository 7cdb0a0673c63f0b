#!/usr/bin/env python3
"""What script/bench runs: rows, both sides of each measured in turn, and the table; see design.md, section 8.

Usage: run.py [--quick] [ROW...]
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import signal
import subprocess
import sys
import tempfile

import contenders
import postgres
import rows_clients
import rows_list
import rows_page
import rows_postgres
import rows_store
import rows_tokens
from measure import BENCH, CONNECTIONS, FULL, HEAD, QUICK, Ground, Row, Scale

ROWS = {function.__name__.removeprefix("row_"): function
        for function in (rows_list.row_hot, rows_list.row_random, rows_list.row_mocks, rows_list.row_last,
                         rows_store.row_import, rows_store.row_start, rows_list.row_memory,
                         rows_store.row_create, rows_store.row_latency, rows_clients.row_sdk, rows_clients.row_cli,
                         rows_tokens.row_rotation, rows_tokens.row_issue, rows_page.row_page,
                         rows_postgres.row_postgres, rows_postgres.row_copy)}


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
        f"load: {first_line('wrk', '-v').split(' Copyright')[0]}, 1 thread, {CONNECTIONS} connections; "
        f"the dashboard in {first_line('sh', '-c', 'chromium --version 2>/dev/null').split(' built')[0]}",
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
