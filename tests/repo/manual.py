#!/usr/bin/env python3
"""The documents against the programs: man pages, and docs/openapi.yaml against the table of routes.

Usage: manual.py ROOT CLIENTELED CLIENTELE    Prints TAP.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import tap

PAGE_SECTIONS = {
    "clientele.1.md": "NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS OUTPUT EXIT-STATUS ENVIRONMENT FILES EXAMPLES SEE-ALSO",
    "clienteled.8.md": "NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS SIGNALS EXIT-STATUS FILES EXAMPLES SEE-ALSO",
    "clienteled.conf.5.md": "NAME SYNOPSIS DESCRIPTION SETTINGS EXAMPLES SEE-ALSO",
}
# A line of argp's help that begins a flag: `  -?, --help`, `      --sandbox`, `      --bom[=BOOL]`.
HELP_FLAG = re.compile(r"^ {2,6}(?:-\S, )?--([a-z0-9-]+)(?:\[?=([^\s\]]+)\]?)?", re.MULTILINE)
GENERAL_FLAGS = {"help", "usage", "version"}
GENERAL_TERMS = {"-?, --help", "--usage", "-V, --version"}
COMMAND_ROW = re.compile(r"^  ([a-z-]+) +\S", re.MULTILINE)


def plain(text: str) -> str:
    """Markdown without its marks."""
    return re.sub(r"[`*\\]", "", text)


def sections(text: str, level: str) -> dict[str, str]:
    """What stands below each heading of a level."""
    parts = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)
    return dict(zip((plain(title) for title in parts[1::2]), parts[2::2]))


def terms(text: str) -> dict[str, str]:
    """The lines that begin with code and are followed by a definition, unmarked, and the definition's text."""
    found = re.findall(r"^(`.+)\n\n: ((?:.+\n)+)", text, flags=re.MULTILINE)
    return {plain(term): " ".join(definition.split()) for term, definition in found}


def compare(what: str, shown: set[str], wanted: set[str]) -> list[str]:
    complaints = [f"{what}: {name} is missing" for name in sorted(wanted - shown)]
    return complaints + [f"{what}: {name} is not the program's" for name in sorted(shown - wanted)]


class Program:
    """What a program's help says of its commands and flags."""

    def __init__(self, program: str):
        self.program = program
        self.commands = self.find_commands(())

    def run(self, *arguments: str) -> str:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CLIENTELE_", "ARGP_"))}
        return subprocess.run([self.program, *arguments], env=clean, check=True, capture_output=True, text=True).stdout

    def find_commands(self, path: tuple[str, ...]) -> dict[str, str]:
        """Each command that does something, with its operand, and its help."""
        text = self.run(*path, "--help")
        if "\nCommands:\n" not in text:
            operand = re.search(r"\[OPTION\.\.\.\] ?(.*)$", text, re.MULTILINE)
            return {" ".join((*path, *operand.group(1).split())): text}
        rows = text.partition("\nCommands:\n")[2].partition("\n\n")[0]
        found = {}
        for name in COMMAND_ROW.findall(rows):
            found.update(self.find_commands((*path, name)))
        return found

    def flags_of(self, command: str) -> dict[str, str]:
        """Its flags: name, and with the argument as it is shown."""
        return {name: f"--{name}={argument}" if argument else f"--{name}" for name, argument in HELP_FLAG.findall(self.commands[command])}


class Manual:
    def __init__(self, root: pathlib.Path, daemon: str, command: str):
        self.root = root
        self.daemon = Program(daemon)
        self.command = Program(command)
        self.pages = {name: self.read(f"docs/{name}") for name in PAGE_SECTIONS}
        described = (json.loads(line) for line in self.daemon.run("config", "show", "--json").splitlines())
        self.defaults = {row["name"]: row["value"] for row in described}

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def setting_of(self, flag: str) -> str | None:
        return next((name for name in self.defaults if re.sub("[._]", "-", name) == flag), None)

    # Each check returns its complaints.

    def page_sections(self) -> list[str]:
        return [
            f"docs/{name}: the sections are not {wanted}"
            for name, wanted in PAGE_SECTIONS.items()
            if [title.replace(" ", "-") for title in sections(self.pages[name], "#")] != wanted.split()
        ]

    def page_commands(self) -> list[str]:
        complaints = []
        for page, program in (("clienteled.8.md", self.daemon), ("clientele.1.md", self.command)):
            below = sections(self.pages[page], "#").get("COMMANDS", "")
            complaints += compare(f"{page}, COMMANDS", set(sections(below, "##")), set(program.commands))
        return complaints

    def page_flags(self) -> list[str]:
        below = sections(sections(self.pages["clienteled.8.md"], "#").get("COMMANDS", ""), "##")
        common = terms(sections(self.pages["clienteled.8.md"], "#").get("OPTIONS", ""))
        complaints = []
        for command in self.daemon.commands:
            flags = self.daemon.flags_of(command)
            if not flags:
                complaints.append(f"{command}: --help shows no flag")
            own = {text for name, text in flags.items() if not self.setting_of(name) and name not in GENERAL_FLAGS}
            complaints += compare(command, set(terms(below.get(command, ""))), own)
        return complaints + compare("OPTIONS", set(common), GENERAL_TERMS)

    def command_flags(self) -> list[str]:
        """The same of clientele(1): what every call takes stands in OPTIONS, but for a command that says it differently."""
        below = sections(sections(self.pages["clientele.1.md"], "#").get("COMMANDS", ""), "##")
        common = terms(sections(self.pages["clientele.1.md"], "#").get("OPTIONS", ""))
        calls = {"--profile=NAME", "--timeout=SECONDS", "--verbose"}
        complaints = compare("OPTIONS", set(common), GENERAL_TERMS | (calls - {"--verbose"}) | {"-v, --verbose"})
        for command in self.command.commands:
            own = {text for name, text in self.command.flags_of(command).items() if name not in GENERAL_FLAGS}
            shown = set(terms(below.get(command, "")))
            complaints += compare(f"clientele {command}", shown, own - calls if calls <= own else own)
        return complaints

    def variables(self) -> list[str]:
        """Of clientele: those of its header, of its page, and those that clienteled passes over."""
        read = set(re.findall(r'"(CLIENTELE_[A-Z_]+)"', self.read("src/cli/session_private.h")))
        environment = sections(self.pages["clientele.1.md"], "#").get("ENVIRONMENT", "")
        shown = {name for term in terms(environment) for name in re.findall(r"CLIENTELE_[A-Z_]+", term)}
        others = re.search(r"CLTI_CONFIG_OTHERS\[\] = \{(.*?)\};", self.read("src/daemon/config.c"), re.DOTALL)
        passed = set(re.findall(r'"(CLIENTELE_[A-Z_]+)"', others.group(1) if others else ""))
        return compare("ENVIRONMENT", shown, read) + compare("CLTI_CONFIG_OTHERS", passed, read)

    def page_settings(self) -> list[str]:
        below = sections(sections(self.pages["clienteled.conf.5.md"], "#").get("SETTINGS", ""), "##")
        shown, complaints = {}, []
        for title, text in below.items():
            for term, definition in terms(text).items():
                name, _, values = term.partition("=")
                shown[name] = title
                default = self.defaults.get(name)
                wanted = f"Default: `{default}`." if default else "No default."
                if not definition.endswith(wanted):
                    complaints.append(f"{name}: the text does not end with {wanted}")
                if not values:
                    complaints.append(f"{name}: its values are missing")
        complaints += compare("SETTINGS", set(shown), set(self.defaults))
        for command, wanted in (("init", {"For every command"}), ("serve", {"For every command", "For serve"})):
            taken = {self.setting_of(name) for name in self.daemon.flags_of(command)} - {None}
            complaints += compare(f"{command} ({', '.join(sorted(wanted))})", {name for name in shown if shown[name] in wanted}, taken)
        return complaints

    def routes(self) -> list[str]:
        """Each row of the table of routes is an operation of the document, and the other way round."""
        rows = re.findall(r'\{CLTI_METHOD_(\w+),\s*"([^"]*)"', self.read("src/http/routes.c"))
        served = {f"{method} /{path}" for method, path in rows}
        described, path = set(), ""
        for line in self.read("docs/openapi.yaml").partition("\ncomponents:")[0].splitlines():
            if match := re.fullmatch(r"  (/\S*):", line):
                path = match.group(1)
            elif match := re.fullmatch(r"    (get|head|post|put|patch|delete):", line):
                described.add(f"{match.group(1).upper()} {path}")
        # HEAD is served wherever GET is.
        heads = {f"HEAD {name[4:]}" for name in served if name.startswith("GET ")}
        return compare("docs/openapi.yaml", described - heads, served) if rows else ["no route was found in src/http/routes.c"]

    def version(self) -> list[str]:
        built = self.daemon.run("--version").split()[-1]
        found = re.search(r"^  version: (\S+)$", self.read("docs/openapi.yaml"), re.MULTILINE)
        return [] if found and found.group(1) == built else [f"docs/openapi.yaml is not of version {built}"]


def main() -> int:
    manual = Manual(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3])
    return tap.run_checks([
        ("the man pages have their sections, in order", manual.page_sections),
        ("clienteled(8) and clientele(1) have every command", manual.page_commands),
        ("clienteled(8) has every flag of every command", manual.page_flags),
        ("clientele(1) has every flag of every command", manual.command_flags),
        ("clientele(1) has every variable, and clienteled knows them", manual.variables),
        ("clienteled.conf(5) has every setting with its default", manual.page_settings),
        ("the OpenAPI document has every route", manual.routes),
        ("the OpenAPI document has the program's version", manual.version),
    ])


if __name__ == "__main__":
    sys.exit(main())
