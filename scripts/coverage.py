#!/usr/bin/env python3
"""Reads what scripts/coverage.sh measured.

usage: scripts/coverage.py REPORT          prints each file below the share, and each crate's share
       scripts/coverage.py REPORT FILE     prints the lines of FILE that no test runs

REPORT is in lcov's format. Lines of test modules do not count. Exit codes: 0 each crate has the share, 1 one has not, 2 wrong usage.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARE = 95.0
# The authority's page and command line are walked through by tests/e2e, which are not measured here.
NOT_HELD = "certs/src/bin/"


def measured(report):
    """Each source file of ours with its lines: {path: {line: how often it ran}}."""
    files, lines = {}, None
    for row in report.read_text().splitlines():
        if row.startswith("SF:"):
            path = pathlib.Path(row[3:])
            path = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            lines = files.setdefault(str(path), {})
        elif row.startswith("DA:"):
            line, count = row[3:].split(",")[:2]
            lines[int(line)] = lines.get(int(line), 0) + int(count)
    return {path: of for path, of in files.items() if re.match(r"(protocol|certs)/src/", path)}


def without_tests(path, lines):
    """A file's lines but for those of its test module, which stands last; a file that is one has none."""
    if re.search(r"(^|/)(tests|testing)(/|\.rs$)", path):
        return {}
    end = None
    for number, text in enumerate((ROOT / path).read_text().splitlines(), 1):
        if text.startswith("#[cfg(test)]"):
            end = number
        elif end is not None and re.match(r"mod \w+ \{", text):
            break
        elif end is not None and text and not text.startswith("#["):
            end = None
    return {line: count for line, count in lines.items() if end is None or line < end}


def share(lines):
    """Of these lines, the part that ran, in percent."""
    return 100.0 * sum(1 for count in lines if count) / len(lines) if lines else 100.0


def main():
    """Prints one of the two."""
    if not 2 <= len(sys.argv) <= 3 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    files = {path: without_tests(path, lines) for path, lines in measured(pathlib.Path(sys.argv[1])).items()}
    if len(sys.argv) == 3:
        lines = files.get(str(pathlib.Path(sys.argv[2]))) or {}
        text = (ROOT / sys.argv[2]).read_text().splitlines()
        for line in sorted(line for line, count in lines.items() if not count):
            print(f"{line:5} {text[line - 1]}")
        return 0
    below = 0
    for crate in ("protocol/src/", "certs/src/", NOT_HELD):
        held = crate != NOT_HELD
        of_crate = {p: of for p, of in files.items() if p.startswith(crate) and (not held or not p.startswith(NOT_HELD))}
        for path, lines in sorted(of_crate.items()):
            if held and share(lines.values()) < SHARE:
                print(f"  {share(lines.values()):5.1f} %  {sum(1 for c in lines.values() if not c):4} lines not run  {path}")
        every = [count for lines in of_crate.values() for count in lines.values()]
        print(f"{crate}: {share(every):.1f} % of {len(every)} lines" + ("" if held else " (not held to a share)"))
        below += held and share(every) < SHARE
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
