"""What the demonstration prints: the input first, then one table to check it against, then the payslips."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import click

from campaigns.demo.by_hand import Row, total
from campaigns.demo.papers import Slip
from campaigns.demo.people import CAMPAIGN_CAST
from campaigns.demo.planned import FEE_BPS, rate_bps
from campaigns.demo.told import Told, summed

RULE = "-" * 116


def percent(bps: int) -> Decimal:
    """A rate as people write it, per hundred."""
    return Decimal(bps).scaleb(-2)


def cast(codes: Mapping[str, str]) -> None:
    """Who takes part."""
    click.echo("\nThe twelve influencers (a share of what they sell, net of VAT; the agency gets 3 % beside it)\n")
    for person in CAMPAIGN_CAST:
        share = f"{percent(rate_bps(person.handle)):.0f} %"
        code = f"code {codes[person.handle]}"
        click.echo(f"  {person.handle:<7}{share:>5}   {code:<18}{person.route:<10}{person.language}   {person.name}")


def orders(told: Iterable[Told], strays: Iterable[str]) -> None:
    """The input, an order a line: lines net of 18 % VAT, and what of them was given back."""
    click.echo("\nThe orders, as the shop's webhooks told them (amounts in shekels, net of VAT and after the coupon)\n")
    click.echo(f"  {'order':<7}{'credited':<9}{'by':<28}{'lines':>17}{'given back':>12}   what happened")
    for order in told:
        who, back = order.influencer or "nobody", summed(order.given_back)
        click.echo(f"  {order.number:<7}{who:<9}{order.by:<28}{summed(order.lines):>17}{back:>12}   {order.what}")
    for stray in strays:
        click.echo(f"  {'-':<7}{stray}")


def table(rows: Mapping[str, Row], by_hand: Mapping[str, Row]) -> None:
    """One row an influencer; the commission twice, from the platform and worked out by hand."""
    click.echo("\nThe table: what the platform says, and the commission as worked out from the list above\n")
    click.echo(
        f"  {'influencer':<11}{'clicks':>7}{'orders':>8}{'sales net':>13}{'refunded':>12}{'rate':>9}"
        f"{'commission':>13}{'by hand':>13}{'agency fee':>13}"
    )
    click.echo(f"  {RULE[:99]}")
    for handle, row in rows.items():
        _row(handle, row, by_hand[handle].commission, f"{percent(rate_bps(handle))} %")
    click.echo(f"  {RULE[:99]}")
    _row("total", total(rows.values()), total(by_hand.values()).commission, "")
    owed = total(rows.values())
    click.echo(
        f"\n  The brand pays {owed.commission:,} + {owed.fee:,} = {owed.commission + owed.fee:,}, and nothing else."
    )
    click.echo(
        f"  The agency fee is {percent(FEE_BPS)} % of each sale; every share is rounded once per order, half up."
    )


def payslips(slips: Mapping[str, Slip]) -> None:
    """Gross to net of everybody who is paid as an employee."""
    click.echo("\nThe payslips\n")
    click.echo(
        f"  {'influencer':<11}{'gross':>12}{'income tax':>13}{'nat. insurance':>16}{'health':>11}{'net':>13}   form 101"
    )
    for person in CAMPAIGN_CAST:
        slip = slips.get(person.handle)
        if slip is None:
            continue
        tax, insurance, health = slip.deducted
        points = person.tax.get("credit_points")
        form = f"{points} credit points" if points else "none given"
        if person.tax.get("second_employer"):
            form = "second employer, tax coordination at 10 %"
        click.echo(
            f"  {person.handle:<11}{slip.gross:>12,}{tax:>13,}{insurance:>16,}{health:>11,}{slip.net:>13,}   {form}"
        )


def outcome(checks: Mapping[str, list[str]]) -> bool:
    """Each check with what is wrong; True where nothing is."""
    click.echo("\nChecked\n")
    for name, wrong in checks.items():
        click.echo(f"  {'DIFFERS' if wrong else 'ok':<9}{name}")
        for line in wrong:
            click.echo(f"           {line}")
    return not any(checks.values())


def _row(name: str, row: Row, by_hand: Decimal, rate: str) -> None:
    click.echo(
        f"  {name:<11}{row.clicks:>7}{row.orders:>8}{row.sales:>13,}{row.refunded:>12,}{rate:>9}"
        f"{row.commission:>13,}{by_hand:>13,}{row.fee:>13,}"
    )
