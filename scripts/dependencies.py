#!/usr/bin/env python3
"""Counts what the programs are built from, and how much of it Rust does not check.

usage: scripts/dependencies.py [--all | --check | --write]

Prints, for each program, how many crates are linked into it, and how often the sources of those that do most say `unsafe`;
--all names every crate that does. --write puts the same into docs/DEPENDENCIES.md, between its two marks; --check says whether it stands there already.

Counted is what Linux on x86-64 builds without tests: comments, strings, test modules' folders and procedural macros are left
out, what other platforms would build of a crate is not. It needs cargo and the crates' sources (any build has fetched them).
Exit codes: 0 as it should be, 1 the document says otherwise, 2 wrong usage, 3 cargo failed.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "DEPENDENCIES.md"
TARGET = "x86_64-unknown-linux-gnu"
BEGIN, END = "<!-- counted: begin -->", "<!-- counted: end -->"
# Each program: the package that it is made of, and the features that it is built with.
PROGRAMS = [
    ("safeconduct", "safeconduct-client", []),
    ("safeconduct-relay", "safeconduct-relay", []),
    ("safeconduct-admin", "safeconduct-certs", ["admin"]),
]
# Crates whose build compiles C, and what.
C_SOURCES = {
    "aws-lc-sys": "AWS-LC: TLS 1.3",
    "openssl-src": "OpenSSL's libcrypto: what SQLCipher encrypts with",
    "sqlcipher-src": "SQLCipher with SQLite, and LibTomCrypt's sources, which are not compiled",
}

# What Rust code is not: comments, raw strings, strings, characters.
NOT_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(?P<h>\#*)".*?"(?P=h)|b?"(?:\\.|[^"\\])*"|b?'(?:\\.|[^'\\\n])'""",
    re.DOTALL,
)
# From how many on a crate is named in the document.
MANY = 100
UNSAFE = re.compile(r"\bunsafe\s*(?:\{|fn\b|impl\b|extern\b|trait\b)")


def cargo(*arguments):
    done = subprocess.run(["cargo", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        sys.stderr.write("dependencies: cargo failed\n  → build once, with the network there, and try again\n")
        raise SystemExit(3)
    return done.stdout


def linked(package, features, edges="normal,no-proc-macro"):
    """Names and versions of the crates that go into a program."""
    with_features = ["--features", ",".join(features)] if features else []
    tree = cargo(
        "tree", "--locked", "--quiet", "--package", package, *with_features, "--edges", edges,
        "--target", TARGET, "--prefix", "none", "--format", "{p}",
    )  # fmt: skip
    return {tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}


def unsafe_in(folder):
    """How often the sources in a crate's folder say `unsafe`."""
    count = 0
    for path in sorted((folder / "src").rglob("*.rs")):
        if "tests" in path.relative_to(folder).parts or path.name in ("tests.rs", "test.rs"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        count += len(UNSAFE.findall(NOT_CODE.sub(" ", text)))
    return count


def report(least):
    packages = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET))["packages"]
    folders = {(one["name"], "v" + one["version"]): pathlib.Path(one["manifest_path"]).parent for one in packages}
    ours = {one["name"] for one in packages if one["source"] is None}
    lines = ["| Program | Crates of others linked into it | With `unsafe` | Crates that only build it |", "|---|---|---|---|"]
    every, counts = set(), {}
    for program, package, features in PROGRAMS:
        crates = {one for one in linked(package, features) if one[0] not in ours}
        building = {one for one in linked(package, features, "normal,build") if one[0] not in ours} - crates
        for one in crates:
            counts[one] = unsafe_in(folders[one])
        every |= crates | building
        with_unsafe = sum(1 for one in crates if counts[one])
        lines.append(f"| {program} | {len(crates)} | {with_unsafe} | {len(building)} |")
    own = sum(unsafe_in(ROOT / folder) for folder in ("protocol", "certs", "client", "relay"))
    lines += [
        "",
        f"Of our own code, which forbids it: {own}. C is compiled by "
        + ", ".join(f"`{name}` ({what})" for name, what in C_SOURCES.items() if any(one[0] == name for one in every))
        + ".",
        "",
        "| Crate | `unsafe` |",
        "|---|---|",
    ]
    most = sorted(((count, *one) for one, count in counts.items() if count), key=lambda row: (-row[0], row[1:]))
    lines += [f"| {name} {version[1:]} | {count} |" for count, name, version in most if count >= least]
    rest = [count for count, *_ in most if count < least]
    if rest:
        lines.append(f"| {len(rest)} others | {sum(rest)} |")
    return "\n".join(lines)


def main(arguments):
    if arguments in (["--help"], ["-h"]):
        print(__doc__.strip())
        return 0
    if arguments not in ([], ["--all"], ["--check"], ["--write"]):
        sys.stderr.write(f"dependencies: unknown option {arguments[0]}\n  → --all, --check, --write or nothing\n")
        return 2
    counted = report(1 if arguments == ["--all"] else MANY)
    if arguments in ([], ["--all"]):
        print(counted)
        return 0
    text = DOCUMENT.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    stands, end_mark, after = rest.partition(END)
    if not mark or not end_mark:
        sys.stderr.write(f"dependencies: docs/DEPENDENCIES.md has no place for this\n  → it needs {BEGIN} and {END}\n")
        return 1
    if stands.strip() == counted:
        return 0
    if arguments == ["--check"]:
        sys.stderr.write("dependencies: docs/DEPENDENCIES.md counts other crates than are built\n  → scripts/dependencies.py --write\n")
        return 1
    new = DOCUMENT.with_suffix(".new")
    new.write_text(before + BEGIN + "\n\n" + counted + "\n\n" + END + after, encoding="utf-8")
    os.replace(new, DOCUMENT)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
