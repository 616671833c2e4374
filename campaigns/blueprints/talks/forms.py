"""The forms of talks and incidents."""

from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, URLField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.i18n import N_
from campaigns.planning.talking.incidents import LONGEST_ADDRESS, LONGEST_PRODUCT
from campaigns.planning.talking.talks import LONGEST_MESSAGE, LONGEST_SUBJECT


class OpenForm(SpokenForm):
    """A new talk; whom it may be with is chosen by who writes."""

    to = SelectField(N_("For whom"), [InputRequired()])
    subject = StringField(N_("Subject"), [DataRequired(), Length(max=LONGEST_SUBJECT)])
    message = TextAreaField(N_("Message"), [DataRequired(), Length(max=LONGEST_MESSAGE)])


class AnswerForm(SpokenForm):
    """Something to say in a talk; `to` where there is a choice of who reads it."""

    message = TextAreaField(N_("Message"), [DataRequired(), Length(max=LONGEST_MESSAGE)])
    to = RadioField(N_("For whom"), [Optional()])


class StaffAnswerForm(SpokenForm):
    """What staff say: to the sides that are ticked; to none it is a note among staff."""

    message = TextAreaField(N_("Message"), [DataRequired(), Length(max=LONGEST_MESSAGE)])
    to = SelectMultipleField(
        N_("Who reads it"), [Optional()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class PassForm(SpokenForm):
    """A message as the other side shall read it."""

    words = TextAreaField(N_("As the other side reads it"), [DataRequired(), Length(max=LONGEST_MESSAGE)])
    subject = StringField(N_("Subject"), [DataRequired(), Length(max=LONGEST_SUBJECT)])


class ReportForm(SpokenForm):
    """What went wrong, and with what."""

    kind = RadioField(N_("What happened?"), [InputRequired()])
    influencer = SelectField(N_("Influencer"), [Optional()], default="")
    order = SelectField(N_("Order"), [Optional()], default="")
    number = StringField(N_("Number of the order"), [Length(max=100)], render_kw={"class": "ltr"})
    product = StringField(N_("Product"), [Length(max=LONGEST_PRODUCT)])
    subject = StringField(N_("In a few words"), [DataRequired(), Length(max=LONGEST_SUBJECT)])
    message = TextAreaField(N_("What happened, and what would put it right?"),
                            [DataRequired(), Length(max=LONGEST_MESSAGE)])  # fmt: skip


class EndForm(SpokenForm):
    """How an incident ended."""

    status = RadioField(N_("Outcome"), [InputRequired()])
    outcome = TextAreaField(N_("Outcome, in words"), [DataRequired(), Length(max=LONGEST_MESSAGE)])
    compensation = TextAreaField(N_("What the customer got"), [Length(max=LONGEST_MESSAGE)])
    compensated_by = SelectField(N_("Who gave it"), [Optional()], default="")
    answer_url = URLField(N_("The public answer"), [Length(max=LONGEST_ADDRESS)], render_kw={"class": "ltr"})
