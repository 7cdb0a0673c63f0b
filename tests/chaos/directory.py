"""What a server of this kind should hold and show: dictionaries, filtered and sorted anew for each question.

The oracle of model.py. It shares nothing with the program: names are folded and pages cut here.
"""
import dataclasses
import functools
import unicodedata
import uuid

FOLD_KEY_MAX = 400  # design.md 4: bytes of the fold that the order looks at


@functools.lru_cache(maxsize=1 << 16)
def fold(text: str) -> bytes:
    """design.md 4, for the characters of model.py's names: NFKD with case folding, soft hyphens ignored."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return folded.replace("\u00ad", "").encode()


@dataclasses.dataclass
class Customer:
    owner: str
    id: str
    commerce_id: str
    domain: str
    reseller: str | None
    profile: dict  # billing profile as it was sent, and its id
    etag: str
    is_related: bool = True  # to its owner
    has_access: bool = True  # delegated
    stale: list[str] = dataclasses.field(default_factory=list)  # tags it had

    @property
    def name(self) -> str:
        return self.profile["companyName"]

    def billing_profile(self, links: str | None = None) -> dict:
        shown = {**self.profile, "attributes": {"etag": self.etag, "objectType": "CustomerBillingProfile"}}
        if links is not None:
            shown["links"] = self_link(f"{links}/customers/{self.id}/profiles/billing")
        return shown

    def company_profile(self) -> dict:
        return {"tenantId": self.id, "domain": self.domain, "companyName": self.name,
                "links": self_link(f"/customers/{self.id}/profiles/company"),
                "attributes": {"objectType": "CustomerCompanyProfile"}}

    def created(self) -> dict:
        """As the answer to its creation shows it, but for the password."""
        return self._with_reseller({
            "id": self.id, "commerceId": self.commerce_id, "companyProfile": self.company_profile(),
            "billingProfile": self.billing_profile(), "relationshipToPartner": "reseller",
            "allowDelegatedAccess": True, "attributes": {"objectType": "Customer"}})

    def shown(self) -> dict:
        company, more = self.company_profile(), {}
        if self.has_access:
            address = self.profile["defaultAddress"]
            company["email"] = self.profile["email"]
            company["address"] = {"region" if name == "state" else name: value for name, value in address.items()
                                  if name not in ("firstName", "lastName")}
            more["customDomains"] = [self.domain]
        return self._with_reseller({
            "id": self.id, "commerceId": self.commerce_id, "companyProfile": company,
            "billingProfile": self.billing_profile(links=""), "relationshipToPartner": "reseller",
            "allowDelegatedAccess": self.has_access, "links": self_link(f"/customers/{self.id}"),
            "attributes": {"objectType": "Customer"}, **more})

    def item(self) -> dict:
        return {"id": self.id,
                "companyProfile": {"tenantId": self.id, "domain": self.domain, "companyName": self.name,
                                   "attributes": {"objectType": "CustomerCompanyProfile"}},
                "relationshipToPartner": "reseller", "attributes": {"objectType": "Customer"}}

    def _with_reseller(self, shown: dict) -> dict:
        return {**shown, "associatedPartnerId": self.reseller} if self.reseller else shown


def self_link(uri: str) -> dict:
    return {"self": {"uri": uri, "method": "GET", "headers": []}}


@dataclasses.dataclass(frozen=True)
class Query:
    """A list that somebody reads, whatever the page."""
    partner: str
    size: int
    field: str = "CompanyName"
    value: str = ""
    is_exact: bool = False

    def text(self, customer: Customer) -> str:
        return customer.domain if self.field == "Domain" else customer.name

    def key(self, customer: Customer) -> tuple[bytes, bytes]:
        return fold(self.text(customer))[:FOLD_KEY_MAX], uuid.UUID(customer.id).bytes

    def matches(self, customer: Customer) -> bool:
        if not customer.is_related or self.partner not in (customer.owner, customer.reseller):
            return False
        if self.field == "IndirectReseller":
            return (customer.owner, customer.reseller) == (self.partner, self.value)
        if self.field == "IndirectCloudSolutionProvider":
            return (customer.owner, customer.reseller) == (self.value, self.partner)
        folded, wanted = fold(self.text(customer)), fold(self.value)
        return folded == wanted if self.is_exact else folded.startswith(wanted)


@dataclasses.dataclass(frozen=True)
class Page:
    customers: list[Customer]
    has_previous: bool
    has_next: bool


class Directory:
    """All customers by id; none is forgotten before it is deleted."""

    def __init__(self):
        self.customers: dict[str, Customer] = {}
        self.domains: dict[str, str] = {}  # in lower case, to the id

    def add(self, customer: Customer) -> None:
        self.customers[customer.id] = customer
        self.domains[customer.domain.lower()] = customer.id

    def delete(self, customer: Customer) -> None:
        del self.customers[customer.id], self.domains[customer.domain.lower()]

    def found(self, query: Query) -> list[Customer]:
        return sorted(filter(query.matches, self.customers.values()), key=query.key)

    def page(self, query: Query, seek: str, place: tuple[bytes, bytes] | None = None) -> Page | None:
        """The page that a seek leads to from a place; None if nothing is there."""
        found = self.found(query)
        begin, end = 0, len(found)
        if seek == "Next":
            begin = sum(query.key(customer) <= place for customer in found)
        elif seek == "Previous":
            end = sum(query.key(customer) < place for customer in found)
        if seek in ("First", "Next"):
            end = min(end, begin + query.size)
        else:
            begin = max(begin, end - query.size)
        if begin == end and seek in ("Next", "Previous"):
            return None
        return Page(found[begin:end], begin > 0, end < len(found))
