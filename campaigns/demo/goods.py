"""What the demonstration's shop sells, at prices a person can take 18 % VAT and a 10 % coupon from.

A serum is 236.00 with 36.00 VAT inside: 200.00 net, and with the coupon 180.00. The lip balm alone doesn't come out
even (33.30 net) and is never discounted: its shares must be rounded.
"""

from dataclasses import dataclass

VAT_PERCENT = 18
COUPON_PERCENT = 10


@dataclass(frozen=True)
class Product:
    """Something sold; the price has the VAT inside, minor units."""

    sku: str
    title: str
    price_minor: int
    discounted: bool = True
    taxed: bool = True


SERUM = Product("SERUM", "Night serum", 23_600)
CREAM = Product("CREAM", "Day cream", 11_800)
SOAP = Product("SOAP", "Olive soap", 5_900)
SET = Product("SET", "Spa set", 236_000)
BALM = Product("BALM", "Lip balm", 3_929, discounted=False)
GIFT_CARD = Product("GIFT", "Gift card", 50_000, discounted=False, taxed=False)


@dataclass(frozen=True)
class Line:
    """One line of an order. `discount_minor` is for all its units; `tax_minor` is inside what is left."""

    line_id: int
    product: Product
    quantity: int
    discount_minor: int
    tax_minor: int

    @property
    def paid_minor(self) -> int:
        """What the buyer pays for the line, VAT included."""
        return self.product.price_minor * self.quantity - self.discount_minor

    @property
    def net_minor(self) -> int:
        """The same without VAT: what commissions are taken of."""
        return self.paid_minor - self.tax_minor


def lines(goods: list[tuple[Product, int]], percent_off: int = COUPON_PERCENT) -> tuple[Line, ...]:
    """Order lines of products and quantities, numbered from 1.

    >>> [(line.paid_minor, line.tax_minor, line.net_minor) for line in lines([(SERUM, 1), (BALM, 1)])]
    [(21240, 3240, 18000), (3929, 599, 3330)]
    """
    return tuple(_line(number, product, quantity, percent_off) for number, (product, quantity) in enumerate(goods, 1))


def _line(number: int, product: Product, quantity: int, percent_off: int) -> Line:
    full = product.price_minor * quantity
    discount = full * percent_off // 100 if product.discounted else 0
    inside, whole = (full - discount) * VAT_PERCENT, 100 + VAT_PERCENT
    tax = (2 * inside + whole) // (2 * whole) if product.taxed else 0
    return Line(number, product, quantity, discount, tax)
