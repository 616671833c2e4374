"""All of the talks: importing the rooms hangs their views on the one blueprint."""

from campaigns.blueprints.talks import answering, incidents, reading  # noqa: F401 - they declare views
from campaigns.blueprints.talks.blueprint import blueprint

__all__ = ["blueprint"]
