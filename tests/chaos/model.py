#!/usr/bin/env python3
"""Random operations, and after each the server compared with a plain model in memory (directory.py).

Three partners: a provider whose customers a reseller sees, that reseller, and one that has nothing to do with them.
Each answer is compared in full; now and then every list is read to its end, the server restarted and the store checked.

Environment: CLIENTELED, TEST_SEED, TEST_FULL. Prints TAP.
"""
import collections
import json
import pathlib
import random
import sys
import tempfile
import traceback
import urllib.parse

import directory
import server
import tap

OPERATIONS = 100_000 if server.is_full() else 600
OPERATIONS_A_LOOK = 10_000 if server.is_full() else OPERATIONS // 2  # everything is compared after so many
CUSTOMERS = 400  # about so many are there at a time
REMEMBERED = 200  # answers that may be asked for again, and pages that may be gone on from

# Beginnings that fold alike or nearly so, and characters that fold to others or to nothing.
WORDS = ("Café", "Cafe\u0301", "cafe", "CAFÉ", "Strasse", "Straße", "ﬁrst", "First", "FIRST", "Ｆｉｒｓｔ", "Co\u00adop",
         "coop", "Ωμέγα", "ωμέγας", "Москва", "москва", "北京", "上海", "A", "Å", "a", "Z", "z", "é", "e")
LANGUAGES = ("en", "es")


class Mismatch(Exception):
    """The server and the model differ."""


def expect(what: str, got, wanted) -> None:
    if got != wanted:
        raise Mismatch(f"{what}: got {got!r}, want {wanted!r}")


class Run:
    """The model, the server, and what operations remember of earlier ones."""

    def __init__(self, folder: pathlib.Path, number: int):
        self.folder = folder / "store"
        self.chance = random.Random(number)
        self.model = directory.Directory()
        self.counts: collections.Counter[str] = collections.Counter()
        self.answered = collections.deque(maxlen=REMEMBERED)  # changes that were made: request and answer
        self.pages = collections.deque(maxlen=REMEMBERED)  # query, token, seek and place of each way on
        self.deleted = collections.deque(maxlen=REMEMBERED)  # ids
        server.new_store(self.folder)
        provider, reseller, stranger = (
            server.add_partner(self.folder, f"{name}.example", *flags)
            for name, *flags in (("provider", "--sandbox"), ("reseller", "--sandbox"), ("stranger",)))
        server.run("partner", "link", "--data", self.folder, "--provider", provider.tenant, "--reseller",
                   reseller.tenant)
        self.provider, self.reseller, self.stranger = provider.tenant, reseller.tenant, stranger.tenant
        self.partners = {partner.tenant: partner for partner in (provider, reseller, stranger)}
        self.start()

    def start(self) -> None:
        self.server = server.Server(self.folder)
        self.clients = {}
        for tenant, partner in self.partners.items():
            self.clients[tenant] = server.Client(self.server)
            self.clients[tenant].sign_in(partner)

    def stop(self) -> None:
        for client in self.clients.values():
            client.close()
        self.server.stop()

    # ---- asking ------------------------------------------------------------------------------------------

    def send(self, partner: str, method: str, target: str, body: dict | None = None, **headers: str) -> server.Answer:
        data = None if body is None else json.dumps(body, ensure_ascii=self.chance.random() < 0.5).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.clients[partner].send(method, target, data, named)
        if answer.status >= 500:
            raise Mismatch(f"{method} {target} is answered with {answer.status}: {answer.body!r}")
        self.last = (method, target, data, named, partner)
        return answer

    def refused(self, answer: server.Answer, status: int, code: int, member: str | None = None) -> None:
        expect("the refusal", (answer.status, answer.code), (status, code))
        if member:
            expect("the member it names", answer.json["data"], [member])

    def change(self, partner: str, method: str, target: str, body: dict | None, status: int,
               **headers: str) -> server.Answer:
        """A request that must succeed and is remembered."""
        answer = self.send(partner, method, target, body, MS_RequestId=server.new_id(self.chance), **headers)
        expect(f"{method} {target} {answer.body[:300]!r}", answer.status, status)
        self.answered.append((self.last, answer))
        return answer

    def a_partner(self) -> str:
        return self.chance.choices((self.provider, self.reseller, self.stranger), (6, 2, 2))[0]

    def a_customer(self) -> directory.Customer | None:
        customers = list(self.model.customers.values())
        return self.chance.choice(customers) if customers else None

    def a_name(self) -> str:
        name = " ".join(self.chance.choices(WORDS, k=self.chance.randint(1, 3)))
        if self.chance.random() < 0.02:
            name = (name * 100)[:self.chance.randint(150, 200)]  # folds longer than the key of the order
        return name.strip("\u00ad ")

    def a_domain(self) -> str:
        domain = f"d{self.chance.randrange(4 * CUSTOMERS)}.{self.chance.choice(('example', 'onmicrosoft.com'))}"
        return domain.upper() if self.chance.random() < 0.1 else domain

    def a_profile(self) -> dict:
        profile = server.customer_body("x.example", self.a_name())["billingProfile"]
        profile["language"] = self.chance.choice(LANGUAGES)
        profile["defaultAddress"]["phoneNumber"] = f"42555501{self.chance.randrange(100):02}"
        return profile

    def access(self, partner: str, customer: directory.Customer) -> str:
        """What a partner may do: write, read, none, or removed."""
        if partner == customer.owner:
            return "write" if customer.is_related else "removed"
        return "read" if partner == customer.reseller and customer.is_related else "none"

    def may_write(self, partner: str, customer: directory.Customer, answer: server.Answer) -> bool:
        """Whether it may; if not, the answer must say so."""
        access = self.access(partner, customer)
        if access != "write":
            self.refused(answer, *{"read": (403, 600006), "removed": (403, 20002), "none": (404, 60003)}[access])
        return access == "write"

    # ---- customers ---------------------------------------------------------------------------------------

    def do_create(self) -> None:
        partner, domain, profile = self.a_partner(), self.a_domain(), self.a_profile()
        body = {"companyProfile": {"domain": domain}, "billingProfile": profile}
        reseller = self.reseller if partner == self.provider and self.chance.random() < 0.4 else None
        if reseller:
            body["associatedPartnerId"] = reseller
        if domain.lower() in self.model.domains:
            answer = self.send(partner, "POST", "/v1/customers", body, MS_RequestId=server.new_id(self.chance))
            return self.refused(answer, 409, 3000, "CompanyProfile.Domain")
        shown = self.change(partner, "POST", "/v1/customers", body, 201).json
        billing = shown["billingProfile"]
        customer = directory.Customer(partner, shown["id"], shown["commerceId"], domain, reseller,
                                      {**profile, "id": billing["id"]}, billing["attributes"]["etag"])
        expect("the credentials' name", shown.pop("userCredentials")["userName"], "admin")
        expect("the new customer", shown, customer.created())
        self.model.add(customer)
        return None

    def do_create_wrong(self) -> None:
        partner = self.a_partner()
        body = {"companyProfile": {"domain": self.a_domain()}, "billingProfile": self.a_profile()}
        member = self.chance.choice(("email", "culture", "language", "companyName"))
        del body["billingProfile"][member]
        answer = self.send(partner, "POST", "/v1/customers", body)
        self.refused(answer, 400, 3000, "BillingProfile." + member[0].upper() + member[1:])

    def do_get(self) -> None:
        customer, partner = self.a_customer(), self.a_partner()
        if not customer:
            return None
        answer = self.send(partner, "GET", f"/v1/customers/{customer.id}")
        access = self.access(partner, customer)
        if access == "removed":
            return self.refused(answer, 403, 20002)
        if access == "none":
            return self.refused(answer, 404, 60003)
        expect("the status", answer.status, 200)
        return expect("the customer", answer.json, customer.shown())

    def do_get_deleted(self) -> None:
        if self.deleted:
            answer = self.send(self.a_partner(), "GET", f"/v1/customers/{self.chance.choice(self.deleted)}")
            self.refused(answer, 404, 60003)

    def do_domain(self) -> None:
        domain = self.a_domain()
        answer = self.send(self.a_partner(), "HEAD", f"/v1/domains/{domain}")
        expect(f"whether {domain} is taken", answer.status, 200 if domain.lower() in self.model.domains else 404)

    def do_rename(self) -> None:
        customer, partner = self.a_customer(), self.a_partner()
        if not customer:
            return None
        partner = self.chance.choice((partner, customer.owner, customer.owner))
        target, profile = f"/v1/customers/{customer.id}/profiles/billing", self.a_profile()
        if self.access(partner, customer) != "write":
            return self.may_write(partner, customer, self.send(partner, "PUT", target, profile, If_Match="*"))
        if self.chance.random() < 0.25:
            return self.put_stale(customer, target, profile)
        if self.chance.random() < 0.5:
            answer = self.change(partner, "PUT", target, profile, 200, If_Match=f'"{customer.etag}"')
        else:
            answer = self.change(partner, "PUT", target, {**profile, "Attributes": {"Etag": customer.etag}}, 200)
        customer.stale.append(customer.etag)
        customer.profile = {**profile, "id": customer.profile["id"]}
        customer.etag = answer.json["attributes"]["etag"]
        return expect("the new profile", answer.json, customer.billing_profile(links="/v1"))

    def put_stale(self, customer: directory.Customer, target: str, profile: dict) -> None:
        """With a tag that it had before, or none."""
        headers = {}
        if customer.stale and self.chance.random() < 0.7:
            headers = {"If_Match": f'"{self.chance.choice(customer.stale)}"'}
        self.refused(self.send(customer.owner, "PUT", target, profile, **headers), 400, 2055)

    def do_profile(self) -> None:
        customer = self.a_customer()
        if customer and customer.is_related:
            answer = self.send(customer.owner, "GET", f"/v1/customers/{customer.id}/profiles/billing")
            expect("the billing profile", (answer.status, answer.json), (200, customer.billing_profile(links="/v1")))

    def do_delete(self) -> None:
        customer, partner = self.a_customer(), self.a_partner()
        if not customer or len(self.model.customers) < CUSTOMERS / 2:
            return None
        partner = self.chance.choice((partner, customer.owner, customer.owner))
        target = f"/v1/customers/{customer.id}"
        if partner == self.stranger:
            return self.refused(self.send(partner, "DELETE", target), 400, 900127)
        if self.access(partner, customer) != "write":
            return self.may_write(partner, customer, self.send(partner, "DELETE", target))
        self.change(partner, "DELETE", target, None, 204)
        self.model.delete(customer)
        return self.deleted.append(customer.id)

    def do_remove(self) -> None:
        """The relationship, or delegated access."""
        customer, partner = self.a_customer(), self.a_partner()
        if not customer:
            return None
        partner = self.chance.choice((partner, customer.owner))
        target, removes = f"/v1/customers/{customer.id}", self.chance.random() < 0.3
        body = {"relationshipToPartner": "none"} if removes else {"allowDelegatedAccess": False}
        if self.access(partner, customer) != "write":
            return self.may_write(partner, customer, self.send(partner, "PATCH", target, body))
        if not removes and not customer.has_access:
            return expect("the same again", self.send(partner, "PATCH", target, body).status, 200)
        answer = self.change(partner, "PATCH", target, body, 200)
        expect("the relationship", answer.json["relationshipToPartner"], "none" if removes else "reseller")
        customer.is_related &= not removes
        customer.has_access &= removes
        return None

    # ---- the same request again --------------------------------------------------------------------------

    def do_again(self) -> None:
        if not self.answered:
            return None
        (method, target, data, headers, partner), first = self.chance.choice(self.answered)
        if method != "DELETE" and self.chance.random() < 0.2:
            answer = self.clients[partner].send(method, target, data[:-1] + b" }", headers)
            return self.refused(answer, 409, 3000, "MS-RequestId")
        answer = self.clients[partner].send(method, target, data, headers)
        return expect(f"{method} {target} again", (answer.status, answer.body), (first.status, first.body))

    # ---- lists -------------------------------------------------------------------------------------------

    def a_query(self) -> directory.Query:
        partner, size = self.a_partner(), self.chance.choice((1, 2, 3, 7, 40, 500))
        field = self.chance.choices(("CompanyName", "Domain", "IndirectReseller", "IndirectCloudSolutionProvider"),
                                    (6, 2, 1, 1))[0]
        if field.startswith("Indirect"):
            value = self.chance.choice((self.reseller, self.provider, self.stranger))
            return directory.Query(partner, size, field, value, self.chance.random() < 0.5)
        value = self.a_domain() if field == "Domain" else self.a_name()
        is_exact = self.chance.random() < 0.2
        if not is_exact:
            value = value[:self.chance.choice((0, 0, 1, 2, 3, 5))]
        return directory.Query(partner, size, field, value, is_exact)

    def do_list(self) -> None:
        query = self.a_query()
        seek = "Last" if self.chance.random() < 0.2 else "First"
        target = f"/v1/customers?size={query.size}"
        if query.value or query.is_exact or query.field != "CompanyName":
            target += "&filter=" + urllib.parse.quote(json.dumps({
                "Field": query.field, "Value": query.value, "Operator": "equals" if query.is_exact else "starts_with"}))
        if seek == "Last" or self.chance.random() < 0.2:
            target += f"&seekOperation={seek}"
        answer = self.send(query.partner, "GET", target)
        self.take_page(query, answer, self.model.page(query, seek))

    def do_seek(self) -> None:
        """From a page that was read some time ago."""
        if not self.pages:
            return
        query, token, seek, place = self.chance.choice(self.pages)
        if self.chance.random() < 0.1:
            seek = self.chance.choice(("First", "Last"))
        answer = self.send(query.partner, "GET", f"/v1/customers?seekOperation={seek}", MS_ContinuationToken=token)
        self.take_page(query, answer, self.model.page(query, seek, place))

    def do_foreign_token(self) -> None:
        if self.pages:
            query, token, seek, _ = self.chance.choice(self.pages)
            partner = self.chance.choice([tenant for tenant in self.partners if tenant != query.partner])
            answer = self.send(partner, "GET", f"/v1/customers?seekOperation={seek}", MS_ContinuationToken=token)
            self.refused(answer, 400, 2000, "MS-ContinuationToken")

    def do_count(self) -> None:
        partner = self.a_partner()
        answer = self.send(partner, "GET", "/v1/customers?size=1", Prefer="count=exact")
        count = len(self.model.found(directory.Query(partner, 1)))
        expect("the count", answer.headers["content-range"].rpartition("/")[2], str(count))

    def take_page(self, query: directory.Query, answer: server.Answer, wanted: directory.Page | None) -> None:
        if wanted is None:
            return self.refused(answer, 400, 2000)
        expect("the list's status", answer.status, 200)
        page, links = answer.json, answer.json["links"]
        expect("the items", page["items"], [customer.item() for customer in wanted.customers])
        expect("the count of items", page["totalCount"], len(wanted.customers))
        expect("the ways on", ("previous" in links, "next" in links), (wanted.has_previous, wanted.has_next))
        if wanted.has_next:
            token = links["next"]["headers"][0]["value"]
            expect("the token, also in the body and the header",
                   (page["continuationToken"], answer.headers["ms-continuationtoken"]), (token, token))
            self.pages.append((query, token, "Next", query.key(wanted.customers[-1])))
        if wanted.has_previous:
            token = links["previous"]["headers"][0]["value"]
            self.pages.append((query, token, "Previous", query.key(wanted.customers[0])))
        return None

    # ---- all of it ---------------------------------------------------------------------------------------

    def look_at_all(self) -> None:
        for tenant, client in self.clients.items():
            wanted = [customer.item() for customer in self.model.found(directory.Query(tenant, 500))]
            expect("the whole list", server.list_all(client, "/v1/customers?size=40"), wanted)
        server.run("check", "--data", self.folder)

    def restart(self) -> None:
        self.stop()
        self.start()


WEIGHTS = {
    Run.do_create: 12, Run.do_create_wrong: 1, Run.do_get: 10, Run.do_get_deleted: 1, Run.do_domain: 3,
    Run.do_rename: 10, Run.do_profile: 3, Run.do_delete: 12, Run.do_remove: 2, Run.do_again: 4, Run.do_list: 15,
    Run.do_seek: 25, Run.do_foreign_token: 1, Run.do_count: 2,
}


def check_model(run: Run) -> list[str]:
    try:
        for number in range(1, OPERATIONS + 1):
            do = run.chance.choices(list(WEIGHTS), WEIGHTS.values())[0]
            run.counts[do.__name__] += 1
            do(run)
            if number % OPERATIONS_A_LOOK == 0:
                run.restart()
                run.look_at_all()
        run.stop()
    except Exception:  # pylint: disable=broad-exception-caught
        run.server.kill()
        return [f"operation {sum(run.counts.values())}, {getattr(run, 'last', None)}",
                *traceback.format_exc().splitlines()]
    print("# " + ", ".join(f"{name.removeprefix('do_')} {count}" for name, count in run.counts.most_common()))
    print(f"# {len(run.model.customers)} customers at the end")
    return []


def main() -> int:
    number = server.seed()
    with tempfile.TemporaryDirectory(prefix="clientele-model-") as folder:
        run = Run(pathlib.Path(folder), number)
        return tap.run_checks([
            (f"{OPERATIONS:,} random operations are answered as a plain model says", lambda: check_model(run))])


if __name__ == "__main__":
    sys.exit(main())
