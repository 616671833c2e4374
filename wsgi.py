"""The web application, as servers and the `flask` command find it."""

from campaigns import create_app
from config import Settings

app = create_app(Settings.from_env())
