"""Who a customer is when somebody registers them: keyed hashes to know them by, and a label that gives nobody away."""

from dataclasses import dataclass

from campaigns.errors import Invalid, Said
from campaigns.people.fields import Collected, read_email, read_phone
from campaigns.tracking.identity import email_key, phone_key

LONGEST_LABEL = 60


@dataclass(frozen=True)
class Customer:
    """One person as a shop's orders know them; either key may be empty, not both."""

    customer_key: str
    phone_key: str
    label: str

    @property
    def keys(self) -> frozenset[str]:
        """What the person is known by."""
        return frozenset(filter(None, (self.customer_key, self.phone_key)))


def read_customer(email: str, phone: str, key: bytes) -> Customer:
    """The customer of an address, a number, or both; raises Invalid for neither, or for what can't be read."""
    collected = Collected()
    address = collected.read("email", lambda: read_email(email), "") if email.strip() else ""
    number = collected.read("phone", lambda: read_phone(phone), "")
    collected.finish()
    if not address and not number:
        raise Invalid({"email": [Said("needs an e-mail address or a phone number")]})
    return Customer(email_key(key, address), phone_key(key, number), label_of(address, number))


def label_of(email: str, phone: str) -> str:
    """What is kept to tell one's customers apart: the first letter and the domain, the last digits.

    >>> label_of("noa@example.com", "+972 50 123-4567")
    'n…@example.com …67'
    """
    name, _, domain = email.partition("@")
    digits = "".join(character for character in phone if character.isdigit())
    told = [f"{name[:1]}…@{domain}"] if email else []
    ending = [f"…{digits[-2:]}"] if digits else []
    room = LONGEST_LABEL - sum(len(one) + 1 for one in ending)
    return " ".join([*(one if len(one) <= room else f"{one[: room - 1]}…" for one in told), *ending])
