#!/usr/bin/env python3
"""Finishes the parts lists that cargo-cyclonedx wrote: no folder of this machine in them, and what is C named beside the crate that brings it.

usage: scripts/parts.py SOURCES FOLDER PROGRAM...

Reads SOURCES/*/PROGRAM_bin.cdx.json and writes FOLDER/PROGRAM.cdx.json. Called by scripts/release.sh.
Exit codes: 0 done, 1 a list is not there or a crate's C cannot be named, 2 wrong usage.
"""

import json
import pathlib
import re
import subprocess
import sys


def awslc_version(sources):
    """The version that the sources of AWS-LC name; the crate's own is another."""
    metadata = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1"], cwd=sources, capture_output=True, text=True, check=True
    )
    manifest = next(one["manifest_path"] for one in json.loads(metadata.stdout)["packages"] if one["name"] == "aws-lc-sys")
    header = pathlib.Path(manifest).parent / "aws-lc" / "include" / "openssl" / "base.h"
    return re.search(r'AWSLC_VERSION_NUMBER_STRING "([0-9.]+)"', header.read_text(encoding="utf-8")).group(1)


def c_parts(crate, sources):
    """Name, version, licence and common platform enumeration of what a crate compiles that is not Rust."""
    name, version = crate["name"], crate["version"]
    if name == "aws-lc-sys":
        found = awslc_version(sources)
        return [("AWS-LC", found, "Apache-2.0 AND ISC AND OpenSSL", f"cpe:2.3:a:amazon:aws-lc:{found}:*:*:*:*:*:*:*")]
    if name == "openssl-src":
        found = version.split("+")[1]
        return [("OpenSSL", found, "Apache-2.0", f"cpe:2.3:a:openssl:openssl:{found}:*:*:*:*:*:*:*")]
    if name == "sqlcipher-src":
        cipher, sqlite = re.search(r"\+sqlcipher-([0-9.]+)-sqlite-([0-9.]+)", version).groups()
        return [
            ("SQLCipher", cipher, "BSD-3-Clause", f"cpe:2.3:a:zetetic:sqlcipher:{cipher}:*:*:*:*:*:*:*"),
            ("SQLite", sqlite, "blessing", f"cpe:2.3:a:sqlite:sqlite:{sqlite}:*:*:*:*:*:*:*"),
        ]
    return []


def finish(text, sources):
    """The list as it is published."""
    # One's own packages are named by where they lie.
    text = text.replace(f"path+file://{sources}/", "path+file:///safeconduct/")
    text = re.sub(r"\?download_url=file://[^\"#]*(#[^\"]*)?", "", text)
    whole = json.loads(text)
    brought = {one["ref"]: one for one in whole["dependencies"]}
    for crate in list(whole["components"]):
        for name, version, licence, cpe in c_parts(crate, sources):
            reference = f"c:{name}@{version}"
            whole["components"].append({
                "type": "library", "bom-ref": reference, "name": name, "version": version, "scope": "required",
                "licenses": [{"expression": licence}], "cpe": cpe,
            })  # fmt: skip
            whole["dependencies"].append({"ref": reference})
            needs = brought[crate["bom-ref"]].setdefault("dependsOn", [])
            needs.append(reference)
            needs.sort()
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def main(arguments):
    if len(arguments) < 3:
        sys.stderr.write("parts: too few arguments\n  → scripts/parts.py SOURCES FOLDER PROGRAM...\n")
        return 2
    sources, folder = pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1])
    for program in arguments[2:]:
        found = sorted(sources.glob(f"*/{program}_bin.cdx.json"))
        if len(found) != 1:
            sys.stderr.write(f"parts: {len(found)} lists of {program}, and one was expected\n")
            return 1
        text = finish(found[0].read_text(encoding="utf-8"), sources)
        if str(sources) in text:
            sys.stderr.write(f"parts: the list of {program} still names this machine's folders\n")
            return 1
        (folder / f"{program}.cdx.json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
