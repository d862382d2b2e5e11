#!/usr/bin/env python3
"""What certs/tests/second.rs runs in one process.

test.py each FOLDER     judges every file in the folder: a line each, `NAME<tab>CODE<tab>LINES, as JSON`, in order of names
test.py vectors FOLDER  the published Ed25519 cases in the folder: exits with 1 and names each case that is judged otherwise
"""

import sys

sys.dont_write_bytecode = True

import functools
import json
import os

import ed25519
import verify


def each(folder):
    """Judges many files that differ little: what held once is not computed again."""
    ed25519.verify = functools.lru_cache(maxsize=4096)(ed25519.verify)
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            code, lines = verify.judge(file.read(), verify.Known())
        print("%s\t%d\t%s" % (name, code, json.dumps(lines)))
    return 0


def holds(key, message, signature):
    """Whether the signature is taken."""
    try:
        ed25519.verify(key, message, signature)
    except ed25519.Refused:
        return False
    return True


def vectors(folder):
    """CCTV: one honest case of 914 is taken. Wycheproof: what is valid."""
    cases = []
    with open(os.path.join(folder, "cctv_ed25519.json"), encoding="utf-8") as file:
        for case in json.load(file):
            honest = not case["flags"]
            cases.append(("cctv %s" % case["number"], case["key"], case["msg"].encode(), case["sig"], honest))
    with open(os.path.join(folder, "wycheproof_ed25519.json"), encoding="utf-8") as file:
        for group in json.load(file)["testGroups"]:
            for case in group["tests"]:
                message, valid = bytes.fromhex(case["msg"]), case["result"] == "valid"
                cases.append(("wycheproof %s" % case["tcId"], group["publicKey"]["pk"], message, case["sig"], valid))
    wrong = [
        name
        for name, key, message, signature, wanted in cases
        if holds(bytes.fromhex(key), message, bytes.fromhex(signature)) != wanted
    ]
    # Points of order 1, 2, 4 and 8 of curve and twist, also above the modulus; and the base point.
    low = [0, 1, ed25519.P - 1, ed25519.P, ed25519.P + 1, LOW_ORDER_8, 2**255 + LOW_ORDER_8]
    wrong += ["X25519 %d" % u for u in low if not ed25519.is_low_order_x25519(u.to_bytes(32, "little"))]
    if ed25519.is_low_order_x25519((9).to_bytes(32, "little")):
        wrong.append("X25519 9")
    print("\n".join(wrong) if wrong else "vectors: Ed25519, in Python: %d cases" % len(cases))
    return 1 if wrong else 0


LOW_ORDER_8 = 325606250916557431795983626356110631294008115727848805560023387167927233504

if __name__ == "__main__":
    sys.exit({"each": each, "vectors": vectors}[sys.argv[1]](sys.argv[2]))
