#!/usr/bin/env python3
"""64 clients change one customer's billing profile at once, each with the tag that it has read: no change is lost.

Each writes a name that no other writes. If none is lost, the changes that were accepted form one chain: each was made
from what another left behind, no two from the same, and the last one is what is there.

Environment: CLIENTELED, TEST_SEED, TEST_FULL. Prints TAP.
"""
import pathlib
import sys
import tempfile
import threading

import server
import tap

CLIENTS = 64
CHANGES = 640 if server.is_full() else 32  # that are accepted before all stop


class Together:
    """What the clients share."""

    def __init__(self):
        self.begin = threading.Barrier(CLIENTS)
        self.accepted = 0  # about: nobody minds if two count as one


class Editor(threading.Thread):
    """One client: reads, changes, and begins again when somebody was quicker."""

    def __init__(self, number: int, running: server.Server, token: str, target: str, together: "Together"):
        super().__init__(daemon=True)
        self.number, self.target, self.together = number, target, together
        self.client = server.Client(running, token)
        self.accepted: list[tuple[str, str]] = []  # name that was read, name that was written
        self.refused = 0
        self.trouble: str | None = None

    def run(self) -> None:
        try:
            self.together.begin.wait()
            while self.together.accepted < CHANGES:
                self.edit()
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.trouble = repr(error)
        finally:
            self.client.close()

    def edit(self) -> None:
        profile = self.client.send("GET", self.target).json
        name = f"Client {self.number} change {len(self.accepted)}"
        # With the tag in the body, or in the header.
        headers = {"If-Match": f'"{profile["attributes"]["etag"]}"'} if self.number % 2 else {}
        answer = self.client.send("PUT", self.target, {**profile, "companyName": name}, headers)
        if answer.status == 200:
            self.accepted.append((profile["companyName"], name))
            self.together.accepted += 1
        elif answer.code == 2055:
            self.refused += 1
        else:
            raise RuntimeError(f"{answer.status} {answer.body!r}")


def check_chain(folder: pathlib.Path) -> list[str]:
    server.new_store(folder)
    partner = server.add_partner(folder, "fabrikam.example")
    with server.serving(folder) as running, server.signed_in(running, partner) as client:
        customer = client.send("POST", "/v1/customers", server.customer_body("chain.example", "Start")).json
        target, together = f"/v1/customers/{customer['id']}/profiles/billing", Together()
        editors = [Editor(number, running, client.token, target, together) for number in range(CLIENTS)]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
    with server.serving(folder) as running, server.signed_in(running, partner) as client:
        last = client.send("GET", target).json["companyName"]
    server.run("check", "--data", folder)
    if troubles := [editor.trouble for editor in editors if editor.trouble]:
        return troubles
    changes = [change for editor in editors for change in editor.accepted]
    print(f"# {len(changes)} changes accepted, {sum(editor.refused for editor in editors)} refused as stale")
    after = dict(changes)
    if len(after) < len(changes):
        return ["two changes were made from the same profile: one is lost"]
    name, length = "Start", 0
    while name in after and length < len(changes):
        name, length = after[name], length + 1
    return [] if (name, length) == (last, len(changes)) else [
        f"the chain ends after {length} of {len(changes)} changes at {name}; there is {last}"]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clientele-chain-") as folder:
        return tap.run_checks([
            (f"{CLIENTS} clients that change one profile at once lose no change",
             lambda: check_chain(pathlib.Path(folder, "store")))])


if __name__ == "__main__":
    sys.exit(main())
