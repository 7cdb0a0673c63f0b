#!/usr/bin/env python3
"""Section 3 of the manual, from the comments of the public headers: a page a header, and an alias a function.

Usage: man3.py names HEADER...                          the files that `write` makes
       man3.py markdown HEADER                          a page before lowdown
       man3.py write LOWDOWN VERSION FOLDER HEADER...   make them

It knows the headers' manner and no other C: a comment stands before what it is about, and what follows without a
comment of its own belongs to the same.
"""
import dataclasses
import pathlib
import re
import subprocess
import sys
import textwrap

COMMENT = r"/\*\*(?!<)(?P<comment>.*?)\*/"
ASIDE = r"/\*(?P<aside>.*?)\*/"
INITIALISER = r"(?P<initialiser>#define CLT_\w+_INIT(?:[^\n]*\\\n)+[^\n]*)"
TOKEN = re.compile(rf"{COMMENT}|{ASIDE}|{INITIALISER}|#(?:[^\n]*\\\n)*[^\n]*|(?P<code>\S)", re.DOTALL)
IN_CODE = re.compile(r"/\*.*?\*/|[{};]", re.DOTALL)
FUNCTION = re.compile(r"(?:CLT_API|static inline)\b[^;{]*?\b(clt_\w+)\(")
# `Owner:  text` and its like begin a paragraph; so do the commands of Doxygen.
LABEL = re.compile(r"^(Shape|Units|Owner|Thread): +", re.MULTILINE)
COMMANDS = [
    (re.compile(r"@code\n(.*?)@endcode", re.DOTALL), r"\n```\n\1```\n"),
    (re.compile(r"@brief "), ""),
    (re.compile(r"@param(?:\[\w+\])? +(\w+) +(.*?)(?=\n@|\n[A-Z]\w+: |\Z)", re.DOTALL), r"\n`\1`\n\n: \2\n"),
    (re.compile(r"@retval +(CLT_\w+|\.\.\.) +(.*?)(?=\n@|\n[A-Z]\w+: |\Z)", re.DOTALL), r"\n`\1`\n\n: \2\n"),
    (re.compile(r"@returns? +"), r"\nReturns: "),
    (re.compile(r"@source +"), r"\n\nSource: "),
    (re.compile(r"@since +"), r"\n\nSince: "),
    (LABEL, r"\n\1: "),
    (re.compile(r"(?<!\n)\n- "), r"\n\n- "),
]
CODE_SPANS = re.compile(r"(```\n.*?```|`[^`\n]*`)", re.DOTALL)


@dataclasses.dataclass
class Entry:
    """A comment, and the declarations that it is about."""
    comment: str
    declarations: list[str] = dataclasses.field(default_factory=list)

    def functions(self) -> list[str]:
        return [found.group(1) for text in self.declarations if (found := FUNCTION.match(text))]


@dataclasses.dataclass
class Page:
    name: str
    header: str
    brief: str
    about: str
    entries: list[Entry]

    def functions(self) -> list[str]:
        return [name for entry in self.entries for name in entry.functions()]


# ---- reading ---------------------------------------------------------------------------------------------


def end_of_code(text: str, start: int) -> int:
    """Where the declaration ends that starts there: at its semicolon, or with the body of an inline function."""
    is_inline, depth = text.startswith("static inline", start), 0
    for token in IN_CODE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(token.group(), 0)
        if depth == 0 and token.group() == ("}" if is_inline else ";"):
            return token.end()
    raise ValueError(f"this declaration has no end: {text[start:start + 60]}")


def without_stars(comment: str) -> str:
    return "\n".join(re.sub(r"^ *\* ?", "", line).rstrip() for line in comment.strip().splitlines())


def read_page(file: pathlib.Path) -> Page:
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    entries, position = [], 0
    while token := TOKEN.search(text, position):
        position = token.end()
        if token["comment"] or (token["aside"] and not token["aside"].startswith(" ----")):
            entries.append(Entry(without_stars(token["comment"] or token["aside"])))
        elif token["initialiser"]:
            entries[-1].declarations.append(token["initialiser"])
        elif token["code"]:
            position = end_of_code(text, token.start())
            declaration = text[token.start():position]
            if entries[-1].declarations and bool(entries[-1].functions()) != bool(FUNCTION.match(declaration)):
                entries.append(Entry(""))  # a type and its functions are told of apart
            entries[-1].declarations.append(declaration)
    first = entries.pop(0)
    brief, _, about = re.sub(r"@file.*\n@brief ", "", first.comment).partition("\n")
    name = file.stem if file.stem == "clientele" else f"clt_{file.stem}"
    return Page(name, f"clientele/{file.name}", brief.rstrip("."), about, entries)


# ---- writing ---------------------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Text in which names keep their underscores and pointers their stars, outside of code."""
    parts = CODE_SPANS.split(text)
    parts[::2] = (re.sub(r"(?<=\w)_(?=\w)|_\B|\*(?=\w+\b(?!\*))", r"\\\g<0>", part) for part in parts[::2])
    return "".join(parts)


def markdown_of(comment: str) -> str:
    for pattern, replacement in COMMANDS:
        comment = pattern.sub(replacement, comment)
    return escaped(comment).strip()


def signature(declaration: str) -> str:
    """A declaration as the manual shows it: a function without its body and what is for the compiler alone."""
    if not FUNCTION.match(declaration):
        return re.sub(r" +\\\n", r" \\\n", declaration)
    head = re.sub(r"\b(CLT_API|CLT_NODISCARD|static inline) ?", "", declaration.partition("{")[0].rstrip(" ;"))
    words = " ".join(head.split()).replace("( ", "(").replace(" ", "~").replace(",~", ", ") + ";"
    return textwrap.fill(words, width=90, subsequent_indent="    ").replace("~", " ")


def write_entry(entry: Entry) -> list[str]:
    names = entry.functions()
    title = ["## " + escaped(", ".join(f"{name}()" for name in names)), ""] if names else []
    code = ["```", *(signature(declaration) for declaration in entry.declarations), "```", ""] if entry.declarations else []
    return [*title, *code, markdown_of(entry.comment), ""]


def markdown(page: Page) -> str:
    names = ", ".join([page.name, *page.functions()])
    types = [entry for entry in page.entries if not entry.functions()]
    functions = [entry for entry in page.entries if entry.functions()]
    lines = ["# NAME", "", escaped(f"{names} - {page.brief}"), "",
             "# SYNOPSIS", "", "```", f"#include <{page.header}>", "", "cc program.c $(pkg-config --cflags --libs clientele)",
             "```", "", "# DESCRIPTION", "", markdown_of(page.about), ""]
    for title, entries in (("# TYPES", types), ("# FUNCTIONS", functions)):
        lines += [title, ""] if entries else []
        for entry in entries:
            lines += write_entry(entry)
    others = [name for name in ("call", "customers", "error", "partner", "types") if f"clt_{name}" != page.name]
    also = ["clientele", *(f"clt_{name}" for name in others)] if page.name != "clientele" else [f"clt_{n}" for n in others]
    lines += ["# SEE ALSO", "", ", ".join(f"**{escaped(name)}**(3)" for name in also), "",
              "*docs/sdk.md* and *examples/* of the sources", ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def write(lowdown: str, version: str, folder: pathlib.Path, page: Page) -> None:
    command = [lowdown, "-s", "-tman", "--nroff-no-groff", "--out-no-smarty", "-m", f"title={page.name}",
               "-m", "section=3", "-m", f"source=Clientele {version}", "-o", str(folder / f"{page.name}.3")]
    subprocess.run(command, input=markdown(page), text=True, check=True)
    for name in page.functions():
        (folder / f"{name}.3").write_text(f".so man3/{page.name}.3\n", encoding="utf-8")


def main() -> int:
    action, *words = sys.argv[1:]
    settings, headers = (words[:3], words[3:]) if action == "write" else ([], words)
    for page in (read_page(pathlib.Path(header)) for header in headers):
        if action == "names":
            print("\n".join(f"{name}.3" for name in (page.name, *page.functions())))
        elif action == "markdown":
            print(markdown(page))
        else:
            write(settings[0], settings[1], pathlib.Path(settings[2]), page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
