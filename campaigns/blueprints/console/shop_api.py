"""A shop's own API: credentials entered and never shown again, tried, used at once, taken away."""

import logging
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.access import shop_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, DomainError, Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Delivery, Shop
from campaigns.outbound import Client
from campaigns.planning.audit import note
from campaigns.tracking import alarms, connection
from campaigns.tracking.asked import shop_apart
from campaigns.tracking.pull import PULLS, pull_shop
from campaigns.tracking.shop_api import Asking, api_of, forget_credentials

PATIENCE_SECONDS = 8.0  # somebody is looking at the page
TYPED = {"class": "ltr", "autocomplete": "off", "spellcheck": "false"}
# What platforms call their credentials, marked here for translation: the platforms know no languages.
LABELS = (
    N_("Admin API access token"), N_("Consumer key"), N_("Consumer secret"), N_("Store hash"), N_("API access token"),
    N_("Store ID"), N_("Secret token"), N_("API key"), N_("Access key ID"), N_("Secret access key"),
)  # fmt: skip

log = logging.getLogger(__name__)


def api_form(platform: str, **given: Any) -> SpokenForm:
    """The form of a platform's credentials. Secrets are typed anew each time: no page ever holds one."""
    fields: dict[str, Any] = {}
    if connection.own_address(platform):
        rules = [InputRequired(), Length(max=connection.LONGEST_ADDRESS)]
        fields["api_url"] = StringField(N_("Address of the API"), rules, render_kw=TYPED)
    for name, label, secret in connection.fields_of(platform):
        rules = [InputRequired(), Length(max=connection.LONGEST_CREDENTIAL)]
        fields[name] = (PasswordField if secret else StringField)(label, rules, render_kw=TYPED)
    form: SpokenForm = type("ApiForm", (SpokenForm,), fields)(**given)
    return form


def api_facts(shop: Shop) -> dict[str, Any]:
    """What the shop's page shows of its API."""
    if not connection.fields_of(shop.platform):
        return {"api_form": None}
    form = api_form(shop.platform, formdata=None, data={"api_url": shop.api_url or f"https://{shop.domain}"})
    waiting = select(func.count()).select_from(Delivery).filter_by(shop_id=shop.id, status="waiting")
    return {
        "api_form": form,
        "api_fields": [field for field in form if field.type != "CSRFTokenField"],
        "api_joined": shop.api_credentials is not None,
        "api_pulls": shop.platform in PULLS,
        "waiting": session().scalar(waiting),
    }


@blueprint.post("/shops/<shop_id>/api")
def connect_api(shop_id: str) -> ResponseReturnValue:
    """Take credentials; that they were changed is noted, they are not."""
    shop: Shop = shop_for(session(), person(), shop_id)
    form = api_form(shop.platform)
    if not connection.fields_of(shop.platform):
        raise Conflict("orders of this shop can't be asked for: its platform has no way")
    if not form.validate():
        raise Invalid({name: [f"{gettext(form[name].label.text)}: {gettext(reasons[0])}"]
                       for name, reasons in form.errors.items() if name})  # fmt: skip
    given = {field.name: field.data or "" for field in form}
    key, private = settings().sealing_key, settings().private_apis
    connection.connect(session(), shop, key, given.get("api_url", ""), given, now(), private)
    note(session(), person().id, "shop.api_connected", _subject(shop), now(), address=shop.api_url)
    session().commit()
    log.info("credentials entered shop=%s", shop_id)
    flash(gettext("The credentials are kept under lock. Now test the connection."), "good")
    return _back(shop_id)


@blueprint.post("/shops/<shop_id>/api/forget")
def disconnect_api(shop_id: str) -> ResponseReturnValue:
    """Forget the credentials."""
    shop: Shop = shop_for(session(), person(), shop_id)
    forget_credentials(shop)
    alarms.clear_alarm(session(), shop.id, alarms.API_UNREACHABLE, now())
    note(session(), person().id, "shop.api_disconnected", _subject(shop), now())
    session().commit()
    log.info("credentials forgotten shop=%s", shop_id)
    flash(gettext("The credentials are deleted. The shop is not asked any more."), "good")
    return _back(shop_id)


@blueprint.post("/shops/<shop_id>/api/test")
def test_api(shop_id: str) -> ResponseReturnValue:
    """Ask the shop something harmless, and say what came of it."""
    shop, moment = _joined(shop_id), now()
    try:
        connection.try_out(_client(), api_of(shop, settings().sealing_key), moment)
        alarms.clear_alarm(session(), shop.id, alarms.API_UNREACHABLE, moment)
        session().commit()
        flash(gettext("The shop answers."), "good")
    except DomainError as error:
        flash(said(error.sentence), "bad")
    return _back(shop_id)


@blueprint.post("/shops/<shop_id>/pull")
def pull_now(shop_id: str) -> ResponseReturnValue:
    """Ask the shop for the orders that changed, without waiting for the quarter of an hour."""
    user_id, moment = person().id, now()
    shop = _joined(shop_id)
    asking = Asking(_client(), settings().sealing_key, settings().identity_key)
    try:
        pulled = pull_shop(session(), shop.id, asking, moment)
    except Conflict:
        raise
    except DomainError as error:
        flash(said(error.sentence), "bad")
        return _back(shop_id)
    note(session(), user_id, "shop.pulled", _subject(shop), moment, orders=pulled.orders, new=pulled.new)
    session().commit()
    told = gettext("Changed orders: %(orders)s; news to us: %(new)s.", orders=pulled.orders, new=pulled.new)
    flash(told, "good")
    return _back(shop_id)


def _joined(shop_id: str) -> Shop:
    """The shop, if it is yours and has credentials; no transaction is open after this, for asking takes its time."""
    found: Shop = shop_for(session(), person(), shop_id)
    number, joined = found.id, found.api_credentials is not None
    session().commit()
    if not joined:
        raise Conflict("first enter the credentials of the shop's API")
    return shop_apart(session(), number)


def _client() -> Client:
    return Client(private=settings().private_apis, patience=PATIENCE_SECONDS)


def _subject(shop: Shop) -> str:
    return f"shop:{shop.public_id}"


def _back(shop_id: str) -> Response:
    return redirect(url_for("console.shop", shop_id=shop_id))
