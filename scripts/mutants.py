#!/usr/bin/env python3
"""Says which survivors of scripts/mutants.sh docs/MUTANTS.md does not explain.

usage: scripts/mutants.py MISSED

MISSED is a list as cargo-mutants writes it: path:line:column: change. The document names path and change alone, for lines move.
Exit codes: 0 none, 1 some, which are printed, 2 wrong usage.
"""

import pathlib
import re
import sys

DOCUMENT = pathlib.Path(__file__).resolve().parent.parent / "docs" / "MUTANTS.md"


def main():
    """Prints what is new."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    explained = set(re.findall(r"^\| `([^`]+: [^`]+)` \|", DOCUMENT.read_text().replace("\\|", "|"), re.MULTILINE))
    survivors = pathlib.Path(sys.argv[1]).read_text().splitlines()
    new = [line for line in survivors if re.sub(r":\d+:\d+: ", ": ", line) not in explained]
    print("\n".join(new + [f"{len(survivors)} survived, {len(new)} of them not explained in docs/MUTANTS.md"]))
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
