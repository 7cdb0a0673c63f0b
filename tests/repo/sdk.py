#!/usr/bin/env python3
"""The library against its headers and its manual: what is declared, exported, documented; and every example compiles.

Usage: sdk.py ROOT LIBRARY    Prints TAP. LIBRARY is the shared one, as built.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import tap

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "docs"))
import man3  # noqa: E402

LANGUAGES = {"C99": ["cc", "-std=c99", "-x", "c"], "C++17": ["c++", "-std=c++17", "-x", "c++"]}
STRICT = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
# What the fragments of the manual take for granted.
FRAGMENT = """#include <clientele/clientele.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
void use(const clt_customer *customer);
clt_status fragment(clt_credentials *credentials, clt_partner *partner, clt_customer_page *page,
                    clt_customer_enumerator *enumerator, clt_error *err, clt_status status, clt_cancellation *cancellation,
                    const char *client_id, const char *secret);
clt_status fragment(clt_credentials *credentials, clt_partner *partner, clt_customer_page *page,
                    clt_customer_enumerator *enumerator, clt_error *err, clt_status status, clt_cancellation *cancellation,
                    const char *client_id, const char *secret) {
    {
%s
    }
    (void)credentials, (void)partner, (void)page, (void)enumerator, (void)err, (void)cancellation;
    (void)client_id, (void)secret;
    return status;
}
"""


class Sdk:
    def __init__(self, root: pathlib.Path, library: pathlib.Path):
        self.root = root
        self.library = library
        self.headers = sorted((root / "include" / "clientele").glob("*.h"))
        self.declared = {name for header in self.headers for name in re.findall(
            r"^CLT_API\b[^;]*?\b(clt_\w+)\(", header.read_text(encoding="utf-8"), re.MULTILINE)}

    def manual(self, action: str) -> str:
        command = [sys.executable, "-B", self.root / "docs" / "man3.py", action, *self.headers]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def compile(self, command: list[str], source: str) -> str:
        """What the compiler says; nothing if all is well."""
        with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
            file.write(source)
            file.flush()
            result = subprocess.run([*command, f"-I{self.root / 'include'}", file.name], capture_output=True, text=True,
                                    check=False)
        return result.stderr if result.returncode else ""

    # Each check returns its complaints.

    def headers_alone(self) -> list[str]:
        return [
            f"{header.name} as {language}: {said}"
            for header in self.headers
            for language, command in LANGUAGES.items()
            if (said := self.compile(command + STRICT, f"#include <clientele/{header.name}>\n"))
        ]

    def exports(self) -> list[str]:
        """Versions are nodes of the map, not functions: nm shows them as absolute."""
        lines = subprocess.run(["nm", "-D", "--defined-only", self.library], check=True, capture_output=True,
                               text=True).stdout.splitlines()
        words = (line.split() for line in lines)
        exported = {name.partition("@")[0] for *_, kind, name in words if kind != "A"}
        exported = {name for name in exported if not name.startswith(("__asan", "__ubsan", "__odr_asan", "__sanitizer"))}
        complaints = [f"{name} is declared, but not exported" for name in sorted(self.declared - exported)]
        return complaints + [f"{name} is exported, but not declared" for name in sorted(exported - self.declared)]

    def soname(self) -> list[str]:
        dynamic = subprocess.run(["readelf", "-d", self.library], check=True, capture_output=True, text=True).stdout
        found = re.search(r"\(SONAME\).*\[(.*)\]", dynamic)
        return [] if found and found.group(1) == "libclientele.so.0" else ["the soname is not libclientele.so.0"]

    def pages(self) -> list[str]:
        made = set(self.manual("names").split())
        complaints = [f"{name}.3 is not made" for name in sorted(self.declared) if f"{name}.3" not in made]
        return complaints if self.declared else ["no function was found in the headers"]

    def comments(self) -> list[str]:
        """A function without a word is only one whose page has one for it: see man3.py."""
        text = self.manual("markdown")
        sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
        bare = [section.splitlines()[0] for section in sections if not re.sub(r"```.*?```", "", section, flags=re.DOTALL)
                .partition("\n")[2].partition("\n# ")[0].strip()]
        return [f"{title} has no comment" for title in bare]

    def told(self) -> list[str]:
        """Each name has a comment of its own, and that or its header's says for which threads, and from where."""
        complaints = []
        for header in self.headers:
            page = man3.read_page(header)
            for entry in page.entries:
                names = [man3.signature(text).splitlines()[0] for text in entry.declarations]
                what = f"{header.name}: {names[0] if names else entry.comment.strip()[:40]}"
                complaints += [f"{what} shares its comment with {other}" for other in names[1:]]
                complaints += [f"{what} has no comment"] if names and not entry.comment.strip() else []
                complaints += [f"{what} has no {label}, nor has its header" for label in ("@source", "Thread:")
                               if label not in entry.comment + page.about]
        return complaints

    def examples(self) -> list[str]:
        guide = (self.root / "docs" / "sdk.md").read_text(encoding="utf-8")
        fragments = re.findall(r"^```c\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
        description = re.findall(r"^# DESCRIPTION\n(.*?)^# ", self.manual("markdown"), re.MULTILINE | re.DOTALL)
        fragments += [code for text in description for code in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]
        complaints = [] if len(fragments) > 3 else ["the manual's examples were not found"]
        for code in fragments:
            source = code if "#include" in code else FRAGMENT % code
            said = self.compile(["cc", "-std=c99", "-fsyntax-only", "-Wall", "-Wextra", "-Wno-unused-result", "-Werror"], source)
            complaints += [f"this does not compile: {code}{said}"] if said else []
        return [line for complaint in complaints for line in complaint.splitlines()]


def main() -> int:
    sdk = Sdk(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]))
    return tap.run_checks([
        ("every public header compiles alone as C99 and as C++17", sdk.headers_alone),
        ("the library exports what the headers declare, and nothing else", sdk.exports),
        ("the library has its soname", sdk.soname),
        ("every function has a page of the manual", sdk.pages),
        ("every function has a comment", sdk.comments),
        ("every name is told of by itself, with its threads and its source", sdk.told),
        ("every example of the manual and the guide compiles", sdk.examples),
    ])


if __name__ == "__main__":
    sys.exit(main())
