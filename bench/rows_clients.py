"""Rows of script/bench: the library and the command line."""
import os
import pathlib
import subprocess
import time

import contenders
from measure import BENCH, Ground, Row, race, say


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
