"""Clients that write at once, and a record of what each was told, from which follows what a store must hold.

Every customer belongs to one client, so that its operations stand in one order. Customers are told apart by their
domains: an id is known only once its create is answered.
"""
import dataclasses
import random
import threading

import server

COMPLAINTS_MAX = 10  # of one look: more would say no more

@dataclasses.dataclass
class Operation:
    """One request about one customer. A moment is a number that only grows (see Crowd)."""
    domain: str
    name: str | None  # in the list afterwards; None: not there
    method: str
    target: str
    body: dict | None
    headers: dict[str, str]
    begin: int
    end: int | None = None  # None: no answer has come


AUDITED = {"POST": "add_customer", "PUT": "update_customer_billing_profile", "DELETE": "delete_customer",
           "PATCH": "remove_partner_customer_relationship"}  # as what it is audited that a method was used


class Writer(threading.Thread):
    """One client. It ends when it has done `count` operations, or the connection breaks."""

    def __init__(self, crowd: "Crowd", number: int, client: server.Client, count: int):
        super().__init__(daemon=True)
        self.crowd, self.count = crowd, count
        self.chance = random.Random(f"{crowd.seed}/{crowd.round}/{number}")
        self.prefix = f"c{crowd.round}-{number}"
        self.client = client
        self.operations: list[Operation] = []
        self.profiles: dict[str, tuple[str, dict]] = {}  # domain: id, billing profile; of those that are there
        self.trouble: str | None = None

    def run(self) -> None:
        try:
            for number in range(self.count):
                self.do(self.choose(number))
        except OSError:
            pass  # killed; the last operation has no end
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.trouble = repr(error)
        finally:
            self.client.close()

    def choose(self, number: int) -> Operation:
        kind = self.chance.choices(("create", "rename", "delete", "remove"), self.crowd.weights)[0]
        headers = {"MS-RequestId": server.new_id(self.chance)}
        if kind == "create" or not self.profiles:
            domain, name = f"{self.prefix}-{number}.example", f"Company {self.chance.randrange(1000)}"
            return Operation(domain, name, "POST", "/v1/customers", server.customer_body(domain, name), headers,
                             self.crowd.moment())
        domain = self.chance.choice(list(self.profiles))
        customer, profile = self.profiles[domain]
        target = f"/v1/customers/{customer}"
        if kind == "rename":
            name = f"Company {self.chance.randrange(1000)}"
            return Operation(domain, name, "PUT", f"{target}/profiles/billing", {**profile, "companyName": name},
                             headers, self.crowd.moment())
        body = {"relationshipToPartner": "none"} if kind == "remove" else None
        return Operation(domain, None, "PATCH" if body else "DELETE", target, body, headers, self.crowd.moment())

    def do(self, operation: Operation) -> None:
        self.operations.append(operation)
        answer = self.client.send(operation.method, operation.target, operation.body, operation.headers)
        operation.end = self.crowd.moment()
        self.take(operation, answer)

    def take(self, operation: Operation, answer: server.Answer) -> None:
        if answer.status not in (200, 201, 204):
            raise RuntimeError(f"{operation.method} {operation.target}: {answer.status} {answer.body!r}")
        if operation.method == "POST":
            self.profiles[operation.domain] = answer.json["id"], answer.json["billingProfile"]
        elif operation.method == "PUT":
            self.profiles[operation.domain] = self.profiles[operation.domain][0], answer.json
        else:
            del self.profiles[operation.domain]


class Crowd:
    """`moment()` numbers the moments; the default tells nothing, for tests that look only at the end."""

    def __init__(self, number: int, weights: tuple[float, ...], moment=lambda: 0):
        self.seed, self.weights, self.moment = number, weights, moment
        self.round = 0
        self.operations: list[Operation] = []

    def write(self, running: server.Server, partner: server.Partner, clients: int, count: int, meanwhile=lambda: None):
        """Let so many clients write until they are done or the server is no more; the writers."""
        self.round += 1
        with server.signed_in(running, partner) as client:
            writers = [Writer(self, number, server.Client(running, client.token), count) for number in range(clients)]
        for writer in writers:
            writer.start()
        meanwhile()
        for writer in writers:
            writer.join()
        if troubles := [writer.trouble for writer in writers if writer.trouble]:
            raise RuntimeError("\n".join(troubles))
        for writer in writers:
            self.operations += writer.operations
        return writers


def may_be(operations: list[Operation], moment: int | None = None) -> dict[str, set[str | None]]:
    """What each customer may be called after a cut at this moment (None: now); None among the names: not there.

    What was answered before must have happened; what was begun before may have.
    """
    names: dict[str, set[str | None]] = {}
    for operation in operations:
        if moment is not None and operation.begin > moment:
            continue
        is_sure = operation.end is not None and (moment is None or operation.end <= moment)
        names[operation.domain] = {operation.name} | (set() if is_sure else names.get(operation.domain, {None}))
    return names


def compare(found: list[dict], allowed: dict[str, set[str | None]]) -> list[str]:
    """What is wrong with the items of a list."""
    names = {item["companyProfile"]["domain"]: item["companyProfile"]["companyName"] for item in found}
    complaints = [] if len(names) == len(found) else ["a customer is listed twice"]
    complaints += [f"{domain} was never asked for" for domain in names.keys() - allowed.keys()]
    complaints += [f"{domain} is {names.get(domain) or 'not there'}, but should be {wanted}"
                   for domain, wanted in allowed.items() if names.get(domain) not in wanted]
    return complaints[:COMPLAINTS_MAX]
