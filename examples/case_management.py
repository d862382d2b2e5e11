#!/usr/bin/env python3
"""A case-management system at a Safeconduct node, in its smallest form: it follows what happens, takes in what comes, and answers.

It needs Python 3.9 and nothing else. Admit it first, on the node's machine:

    safeconduct token new "Case desk" --scope read --scope act --by "Anna Example"

Put the token into a file that only this program's account reads, set `api_port` in the node's config.toml, and run

    examples/case_management.py --port 8443 --token-file token --place place --accept Shelter

It accepts each referral that asks for that service and for no other, and says so in a note. A real system would put the referral before
a caseworker here: a program must not decide about persons. What it shows is how to lose nothing and do nothing twice:

- the place of the last event is written to a file when it is dealt with, so that after a stop it goes on from there;
- it begins to follow first and lists afterwards, so that nothing falls between;
- each act has an idempotency key that follows from what is done, so that after a crash the same act is asked again and done once;
- a file is written beside its place and has its name only when it has come whole;
- an act names the number of events that it has seen, so that it is refused when something has happened meanwhile.
"""

import argparse
import http.client
import json
import pathlib
import shutil
import sys
import time


class Refused(Exception):
    """What the node says no to, with its code."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}; {error['remedy']}")
        self.code = error["code"]


class Node:
    """The node on this machine."""

    def __init__(self, port, token):
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method, path, body=None, key=None):
        """Asks once; after a lost connection again, if that cannot do a thing twice."""
        headers = dict(self.headers, **({"Idempotency-Key": key} if key else {}))
        content = None if body is None else json.dumps(body, sort_keys=True)
        for attempt in range(30):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
                connection.request(method, path, content, headers)
                answer = json.loads(connection.getresponse().read())
                connection.close()
            except (OSError, http.client.HTTPException, ValueError):
                if method != "GET" and key is None or attempt == 29:
                    raise
                time.sleep(2)
                continue
            if answer["ok"]:
                return answer["data"]
            if answer["error"]["code"] != "key-in-use":
                raise Refused(answer["error"])
            time.sleep(2)
        raise TimeoutError("the node does not answer")

    def keep(self, path, file):
        """Writes what the node gives as a file to a new one, piece by piece; it has its name only when it is whole."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        connection.request("GET", path, None, self.headers)
        response = connection.getresponse()
        if response.status != 200:
            raise Refused(json.loads(response.read())["error"])
        part = file.with_name(file.name + ".part")
        with open(part, "wb") as out:
            # A connection that ends too early raises IncompleteRead.
            shutil.copyfileobj(response, out)
        part.replace(file)
        connection.close()

    def events(self, last):
        """Yields (id, name, data) for ever; the first one, without data, says that from now on nothing is missed."""
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                headers = dict(self.headers, **({"Last-Event-ID": last} if last else {}))
                connection.request("GET", "/v1/events", None, headers)
                response = connection.getresponse()
                if response.status != 200:
                    error = json.loads(response.read())["error"]
                    if response.status != 503:
                        raise Refused(error)
                    time.sleep(2)
                    continue
                for event in blocks(response):
                    last = event[0] or last
                    yield event
            except (OSError, http.client.HTTPException):
                pass
            # The node has stopped, or is being started: on from the same place.
            time.sleep(1)


def blocks(response):
    """The blocks of a stream of server-sent events, as far as this one has them."""
    found = {}
    for line in response:
        line = line.decode("utf-8").rstrip("\r\n")
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            found[name] = value
        elif found:
            yield found.get("id"), found.get("event", "message"), json.loads(found["data"]) if "data" in found else None
            found = {}


def waiting(node):
    """The ids of all referrals that came and that nobody has opened, page by page."""
    after = None
    while True:
        page = node.ask("POST", "/v1/referrals/list", {"side": "received", "state": "delivered", "after": after})
        yield from (line["id"] for line in page["referrals"])
        after = page.get("next")
        if after is None:
            return


def take_in(node, referral, service, folder):
    """Opens one referral and, if it is what this agency does, accepts it; says whether it did."""
    shown = node.ask("GET", f"/v1/referrals/{referral}")
    if shown["side"] != "received" or shown["state"] not in ("delivered", "opened"):
        return False
    # Opening is told to the sender: a person here has looked at it.
    shown = node.ask("POST", f"/v1/referrals/{referral}/open", {}, f"open-{referral}-{shown['revision']}")
    if shown["referral"]["enquiry"]["services"] != [service]:
        return False
    seen = node.ask("GET", f"/v1/referrals/{referral}")["events"]
    act = {"event": "Accepted", "events": seen, "text": "There is a place."}
    node.ask("POST", f"/v1/referrals/{referral}/act", act, f"accept-{referral}-{seen}")
    note = {"kind": "note", "text": "Our system has taken this in; a caseworker will telephone today."}
    node.ask("POST", f"/v1/referrals/{referral}/posts", note, f"note-{referral}")
    if folder:
        # What both agencies have signed, without content: it goes with the case, and anybody verifies it without this node.
        node.keep(f"/v1/evidence/{referral}/file", folder / f"{referral}.json")
    return True


def main():
    arguments = argparse.ArgumentParser(description="Follows a Safeconduct node and accepts what asks for one service.")
    arguments.add_argument("--port", type=int, required=True, help="api_port of the node's config.toml")
    arguments.add_argument("--token-file", type=pathlib.Path, required=True)
    arguments.add_argument("--place", type=pathlib.Path, required=True, help="file that keeps how far it has come")
    arguments.add_argument("--accept", required=True, metavar="SERVICE")
    arguments.add_argument("--evidence", type=pathlib.Path, help="folder for the evidence of what was accepted")
    arguments.add_argument("--count", type=int, default=0, help="end when so many were accepted; 0 is never")
    asked = arguments.parse_args()
    node = Node(asked.port, asked.token_file.read_text().strip())
    last = asked.place.read_text().strip() if asked.place.exists() else None
    accepted = 0
    for place, name, data in node.events(last):
        # The first block, and any loss, mean: look at what is there.
        referrals = list(waiting(node)) if data is None or name == "lost" else [data["id"]]
        for referral in referrals:
            try:
                if take_in(node, referral, asked.accept, asked.evidence):
                    accepted += 1
                    print(f"accepted {referral[:8]}", flush=True)
            except Refused as refused:
                print(f"{referral[:8]}: {refused}", file=sys.stderr, flush=True)
        if place:
            asked.place.write_text(place)
        if accepted and accepted == asked.count:
            return


if __name__ == "__main__":
    main()
