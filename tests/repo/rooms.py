#!/usr/bin/env python3
"""The repository tests itself: who includes whom, and what the documents must not forget.

Usage: rooms.py ROOT    Prints TAP. The rooms are those of docs/ARCHITECTURE.md.
"""
import pathlib
import re
import sys

import tap

# Who may use whom: a room sees the doors of these, and all of its own.
ROOMS = {
    "base": set(),
    "model": {"base"},
    "wire": {"base", "model"},
    "store": {"base", "model"},
    "identity": {"base", "model", "wire", "store"},
    "service": {"base", "model", "wire", "store", "identity"},
    "http": {"base", "model", "wire", "store", "identity", "service"},
    "daemon": {"base", "model", "wire", "store", "identity", "service", "http"},
    "sdk": {"base", "model", "wire"},
    "cli": set(),
}
# The public headers: `base` is built on their types, `sdk` implements them, `cli` has nothing else.
PUBLIC_USERS = {"base", "sdk", "cli"}
# These doors only gather small headers; inside the room each file names the ones that it needs.
GATHERING_DOORS = {"base/base.h", "model/model.h"}

# Each foreign library has one home: header (or folder of headers) and where it may be included.
HOMES = {
    "argon2.h": ("identity/",),
    "argp.h": ("daemon/", "cli/"),
    "csv.h": ("wire/",),
    "curl/": ("daemon/", "sdk/"),
    "gnutls/": ("http/tls.c", "http/tls.h"),  # libmicrohttpd speaks it
    "ini.h": ("base/", "cli/"),
    "jansson.h": ("identity/", "wire/", "cli/"),  # jose speaks it
    "jose/": ("identity/",),
    "liboath/": ("identity/",),
    "libpq-fe.h": ("store/postgres/",),
    "lmdb.h": ("store/lmdb/",),
    "microhttpd.h": ("http/server.c",),
    "openssl/": ("base/",),
    "simdjson.h": ("wire/decode_page.cc",),
    "qrencode.h": ("daemon/", "http/qr_code.c"),
    "nettle/": ("base/",),
    "zlib.h": ("http/",),
    "regex.h": ("base/",),  # the C library's
    "utf8proc.h": ("base/",),
}
C_HEADERS = set("""assert.h ctype.h errno.h inttypes.h limits.h stdarg.h stddef.h stdint.h stdio.h stdlib.h
    string.h time.h""".split())
CXX_HEADERS = set("cinttypes cstdio cstring new".split())  # of wire/decode_page.cc
SYSTEM_HEADERS = C_HEADERS | CXX_HEADERS | set("""arpa/inet.h dirent.h fcntl.h libgen.h linux/filter.h linux/sockios.h linux/tcp.h locale.h malloc.h
    net/if.h netdb.h netinet/in.h netinet/tcp.h poll.h pthread.h pwd.h sched.h signal.h stdalign.h stdatomic.h
    stdbool.h strings.h sys/epoll.h sys/eventfd.h sys/file.h sys/ioctl.h sys/mman.h sys/prctl.h sys/random.h sys/resource.h
    sys/socket.h sys/stat.h sys/statvfs.h sys/time.h sys/types.h sys/uio.h sys/wait.h termios.h unistd.h wchar.h""".split())

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]*)[>"]', re.MULTILINE)
LINES_MAX = 600


# ---- who includes whom -----------------------------------------------------------------------------------


def check_foreign(file: str, header: str) -> str | None:
    for name, homes in HOMES.items():
        if header == name or (name.endswith("/") and header.startswith(name)):
            return None if file.startswith(homes) else f"<{header}> belongs in {' or '.join(homes)}"
    return None if header in SYSTEM_HEADERS else f"<{header}> is neither the system's nor has it a home here"


def check_own(file: str, header: str) -> str | None:
    """A header of ours, named by its path below src/."""
    room, folder = file.split("/")[0], file.rpartition("/")[0]
    target_room, target_folder = header.split("/")[0], header.rpartition("/")[0]
    if target_room == "clientele":
        return None if room in PUBLIC_USERS else f"public headers are for {', '.join(sorted(PUBLIC_USERS))}"
    if target_room not in ROOMS:
        return "the path must begin with a room"
    if target_room != room:
        if target_room not in ROOMS[room]:
            return f"{room} may not use {target_room}"
        return None if header == f"{target_room}/{target_room}.h" else f"only its door {target_room}.h is for others"
    if header in GATHERING_DOORS:
        return "inside the room, include what is needed, not the door"
    # A folder inside a room: what is private stays in it (and below), the rest is for its parent as well.
    if (folder + "/").startswith(target_folder + "/"):
        return None
    if target_folder.rpartition("/")[0] == folder and not header.endswith("_private.h"):
        return None
    return f"private to {target_folder}/"


def check_public(kind: str, header: str) -> str | None:
    """An include of a public header: these stand on the C standard library and each other alone."""
    if kind == '"':
        return None if header.startswith("clientele/") else "public headers use public headers only"
    return None if header in C_HEADERS | {"stdbool.h"} else f"<{header}> is not C99's"


def check_include(file: str, kind: str, header: str) -> str | None:
    """What is wrong with one include of a file, given by its path below src/ or include/; None if nothing."""
    if file.startswith("clientele/"):
        return check_public(kind, header)
    if file.split("/")[0] not in ROOMS:
        return f"'{file.split('/')[0]}' is not a room"
    return check_foreign(file, header) if kind == "<" else check_own(file, header)


# Proof that the check sees something: file, include, whether it is right.
CASES = [
    ("base/buf.c", '"base/buf.h"', True),
    ("base/str.h", '"clientele/types.h"', True),
    ("base/text.c", "<utf8proc.h>", True),
    ("model/customer.c", '"base/base.h"', True),
    ("store/store.c", '"store/lmdb/lmdb_store.h"', True),
    ("store/lmdb/read.c", '"store/store_private.h"', True),
    ("http/server.c", "<microhttpd.h>", True),
    ("daemon/serve.c", '"http/http.h"', True),
    ("cli/main.c", '"clientele/types.h"', True),
    ("clientele/types.h", "<stdint.h>", True),
    ("base/buf.c", '"model/model.h"', False),  # upwards
    ("base/buf.c", '"base/base.h"', False),  # the gathering door from inside
    ("base/buf.c", '"buf.h"', False),  # not from src/
    ("model/customer.c", '"base/buf.h"', False),  # around the door
    ("wire/read_csv.c", '"store/store.h"', False),  # sideways
    ("service/customers.c", '"http/http.h"', False),
    ("service/customers.c", '"store/store_private.h"', False),
    ("daemon/init.c", '"store/lmdb/lmdb_store.h"', False),
    ("store/store.c", '"store/lmdb/lmdb_private.h"', False),
    ("store/postgres/open.c", '"store/lmdb/lmdb_store.h"', False),
    ("sdk/customers.c", '"service/service.h"', False),
    ("cli/main.c", '"base/base.h"', False),
    ("service/customers.c", '"clientele/types.h"', False),
    ("http/router.c", "<microhttpd.h>", False),
    ("store/store.c", "<lmdb.h>", False),
    ("daemon/import.c", "<jansson.h>", False),
    ("base/text.c", "<glib.h>", False),  # nobody's
    ("shed/tool.c", "<stdio.h>", False),  # no such room
    ("clientele/types.h", "<unistd.h>", False),
    ("clientele/types.h", '"base/str.h"', False),
]


def check_the_check() -> list[str]:
    text = "".join(f"#include {include}\n" for _, include, _ in CASES)
    found = INCLUDE.findall(text)
    if len(found) != len(CASES):
        return [f"{len(CASES)} includes were written, {len(found)} were read"]
    return [
        f"{file} with #include {include} should be {'accepted' if good else 'refused'}"
        for (file, include, good), (kind, header) in zip(CASES, found)
        if (check_include(file, kind, header) is None) != good
    ]


# ---- the files -------------------------------------------------------------------------------------------


class Repository:
    def __init__(self, root: pathlib.Path):
        self.root = root
        self.sources = [
            path
            for folder in ("src", "include")
            for path in sorted((root / folder).rglob("*"))
            if path.suffix in {".c", ".h", ".cc", ".def", ".S"}
        ]
        tests = [path for path in sorted((root / "tests").rglob("*")) if path.suffix in {".c", ".h", ".bats", ".py"}]
        scripts = [path for path in sorted((root / "script").glob("*")) if path.is_file()]
        builds = [path for folder in ("src", "tests") for path in sorted((root / folder).rglob("meson.build"))]
        self.documents = sorted(root.glob("*.md")) + sorted((root / "docs").rglob("*.md"))
        self.documents += sorted((root / "share").rglob("*.md"))
        self.code = self.sources + tests + scripts + builds + [root / "meson.build"]

    def name(self, path: pathlib.Path) -> str:
        return path.relative_to(self.root).as_posix()

    def lines(self, paths):
        for path in paths:
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                yield f"{self.name(path)}:{number}", line

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    # Each check returns its complaints.

    def includes(self) -> list[str]:
        complaints = []
        for path in self.sources:
            below = self.name(path).partition("/")[2]
            for kind, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
                wrong = check_include(below, kind, header)
                if wrong:
                    complaints.append(f"{self.name(path)}: includes {header}: {wrong}")
                elif kind == '"' and not any((self.root / base / header).is_file() for base in ("src", "include")):
                    complaints.append(f"{self.name(path)}: includes {header}: there is no such file")
        return complaints or ([] if self.sources else ["no source was found"])

    def doors(self) -> list[str]:
        """Each room has a header of its name, but the programs at the top, which nobody includes."""
        rooms = {path.name for path in (self.root / "src").iterdir() if path.is_dir()}
        return [
            f"src/{room}/{room}.h is missing"
            for room in sorted(rooms & ROOMS.keys() - {"daemon", "sdk", "cli"})
            if not (self.root / "src" / room / f"{room}.h").is_file()
        ]

    def lengths(self) -> list[str]:
        counts = {self.name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in self.sources}
        return [f"{name}: {count} lines" for name, count in counts.items() if count >= LINES_MAX]

    def blanks(self) -> list[str]:
        return [
            f"{where}: {'a tab' if chr(9) in line else 'trailing blanks'}"
            for where, line in self.lines(self.code + self.documents)
            if "\t" in line or line != line.rstrip()
        ]

    def words(self) -> list[str]:
        unwanted = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
        return [f"{where}: {line.strip()}" for where, line in self.lines(self.code + self.documents) if unwanted.search(line)]

    def negations(self) -> list[str]:
        """bash does not end a test at a failing `! command`, so it needs a word that does."""
        return [
            f"{where}: {line.strip()}: add || false"
            for where, line in self.lines(path for path in self.code if path.suffix == ".bats")
            if re.match(r" *! ", line) and " || " not in line
        ]

    def settings(self) -> list[str]:
        """The table of config.c and README's: | file | environment | flag | default | meaning |."""
        table = re.search(r"CLTI_CONFIG\[\] = \{(.*?)\n\};", self.read("src/daemon/config.c"), re.DOTALL)
        rows = re.findall(r'\{"([a-z0-9_.]+)",\s*CLTI_SETTING_\w+,\s*"([^"]*)"', table.group(1) if table else "")
        wanted = {
            (
                f"`{name}`",
                "`CLIENTELE_" + name.upper().replace(".", "_") + "`",
                "`--" + re.sub("[._]", "-", name) + "`",
                f"`{default}`" if default else "",
            )
            for name, default in rows
        }
        cells = [[cell.strip() for cell in line.split("|")] for line in self.read("README.md").splitlines()]
        shown = {tuple(row[1:5]) for row in cells if len(row) > 5 and row[2].startswith("`CLIENTELE_")}
        complaints = [f"README.md lacks the row {' | '.join(row)}" for row in sorted(wanted - shown)]
        complaints += [f"README.md has a row unlike config.c: {' | '.join(row)}" for row in sorted(shown - wanted)]
        return complaints if rows else ["no setting was found in src/daemon/config.c"]

    def routes(self) -> list[str]:
        rows = re.findall(r'\{CLTI_METHOD_(\w+),\s*"([^"]*)"', self.read("src/http/routes.c"))
        text = "".join(path.read_text(encoding="utf-8") for path in self.documents)
        complaints = [f"no document tells of `{method} /{path}`" for method, path in rows if f"`{method} /{path}`" not in text]
        return complaints if rows else ["no route was found in src/http/routes.c"]

    def links(self) -> list[str]:
        return [
            f"{where}: {target} is not there"
            for path in self.documents
            for where, line in self.lines([path])
            for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", line)
            if not (path.parent / target).exists()
        ]


def main() -> int:
    repository = Repository(pathlib.Path(sys.argv[1]).resolve())
    return tap.run_checks([
        ("the check of includes refuses what it should", check_the_check),
        ("every include keeps to the table of rooms", repository.includes),
        ("every room has its door", repository.doors),
        (f"every source file stays under {LINES_MAX} lines", repository.lengths),
        ("no tabs and no trailing blanks", repository.blanks),
        ("no notes of unfinished work", repository.words),
        ("every negated check of a bats file counts", repository.negations),
        ("README's table of settings is that of config.c", repository.settings),
        ("every route is documented", repository.routes),
        ("no link in a document leads nowhere", repository.links),
    ])


if __name__ == "__main__":
    sys.exit(main())
