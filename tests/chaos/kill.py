#!/usr/bin/env python3
"""A server that is killed under load, again and again, loses nothing that it has answered and leaves nothing half done.

Each round starts it on the same folder, lets 32 clients write, and ends it with SIGKILL at a random moment. Then each
request that got no answer is sent again with its MS-RequestId, as a client would, and must be done once.

Environment: CLIENTELED, TEST_SEED, TEST_FULL. Prints TAP.
"""
import collections
import pathlib
import random
import re
import sys
import tempfile
import time
import urllib.parse

import crowd
import server
import tap

ROUNDS = 500 if server.is_full() else 4
CLIENTS = 32
WEIGHTS = (5, 3, 2, 1)  # create, rename, delete, remove the relationship
WRITING_SECONDS_MAX = 0.4  # of writing, before the kill
FILTER = urllib.parse.quote('{"Field":"Domain","Value":"DOMAIN","Operator":"equals"}')
ROUNDS_A_LOOK = 25  # everything is compared after so many rounds, and after the last


class Ground:
    """The folder that all rounds are played on."""

    def __init__(self, folder: pathlib.Path, number: int):
        self.folder = folder / "store"
        server.new_store(self.folder)
        self.partner = server.add_partner(self.folder, "fabrikam.example", "--sandbox")
        self.chance = random.Random(number)
        self.crowd = crowd.Crowd(number, WEIGHTS)
        self.others = 0
        self.others = self.audit_records()  # of the application, before any client writes
        self.unanswered = self.done_unanswered = 0

    def write_and_kill(self) -> list[crowd.Writer]:
        running = server.Server(self.folder)

        def kill() -> None:
            time.sleep(self.chance.uniform(0, WRITING_SECONDS_MAX))
            running.kill()

        return self.crowd.write(running, self.partner, CLIENTS, 10**9, meanwhile=kill)

    def audit_records(self) -> int:
        """Of clients, counted by a check, which must find nothing wrong."""
        told = server.run("check", "--data", self.folder)
        return int(re.search(r"(\d+) audit records: 0 findings", told).group(1)) - self.others

    def look(self, client: server.Client, operations: list[crowd.Operation]) -> list[str]:
        """The customers of these operations, each asked for; none may be there that was not."""
        allowed = crowd.may_be(operations)
        found = []
        for domain in allowed:
            answer = client.send("GET", f"/v1/customers?size=2&filter={FILTER.replace('DOMAIN', domain)}")
            found += answer.json["items"]
        return crowd.compare(found, allowed)

    def look_at_all(self, client: server.Client) -> list[str]:
        """Every customer is as it should be, every change is audited once, and what the audit says last is so."""
        items = server.list_all(client)
        records = [record for record in server.list_all(client, "/v1/auditrecords?size=500")
                   if record["resourceType"] == "customer"]
        complaints = crowd.compare(items, crowd.may_be(self.crowd.operations))
        audited = collections.Counter(record["operationType"] for record in records)
        done = collections.Counter(crowd.AUDITED[operation.method] for operation in self.crowd.operations)
        if audited != done:
            complaints.append(f"{audited} are audited, {done} were done")
        last = {record["customerId"]: record for record in reversed(records)}  # the newest stand first
        told = {customer: record["customerName"] for customer, record in last.items()
                if record["operationType"] in ("add_customer", "update_customer_billing_profile")}
        if told != {item["id"]: item["companyProfile"]["companyName"] for item in items}:
            complaints.append("the audit tells of other customers than the list")
        return complaints

    def send_again(self, client: server.Client, writer: crowd.Writer) -> None:
        operation = writer.operations[-1] if writer.operations else None
        if not operation or operation.end is not None:
            return
        writer.take(operation, client.send(operation.method, operation.target, operation.body, operation.headers))
        operation.end = self.crowd.moment()

    def play(self) -> list[str]:
        writers = self.write_and_kill()
        operations = [operation for writer in writers for operation in writer.operations]
        unanswered = sum(operation.end is None for operation in operations)
        answered = len(self.crowd.operations) - unanswered
        before = self.audit_records()
        complaints = [] if answered <= before <= answered + unanswered else [
            f"{before} audit records for {answered} answers and {unanswered} requests without"]
        with server.serving(self.folder) as running, server.signed_in(running, self.partner) as client:
            complaints += self.look(client, operations)
            for writer in writers:
                self.send_again(client, writer)
            complaints += self.look(client, operations)
            if self.crowd.round % ROUNDS_A_LOOK == 0 or self.crowd.round == ROUNDS:
                complaints += self.look_at_all(client)
        self.unanswered += unanswered
        self.done_unanswered += before - answered
        return [f"round {self.crowd.round}: {complaint}" for complaint in complaints]


def check_rounds(ground: Ground) -> list[str]:
    complaints = []
    while ground.crowd.round < ROUNDS and not complaints:
        complaints = ground.play()
    print(f"# {ground.crowd.round} kills, {len(ground.crowd.operations)} changes, {ground.unanswered} unanswered at a "
          f"kill, {ground.done_unanswered} of them done")
    return complaints


def main() -> int:
    number = server.seed()
    with tempfile.TemporaryDirectory(prefix="clientele-kill-") as folder:
        ground = Ground(pathlib.Path(folder), number)
        return tap.run_checks([
            ("nothing answered is lost and nothing is half done, however often the server is killed",
             lambda: check_rounds(ground))])


if __name__ == "__main__":
    sys.exit(main())
