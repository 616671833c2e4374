"""The web application, as servers and the `flask` command find it."""

from campaigns import create_app
from config import Settings, SettingsError

try:
    app = create_app(Settings.from_env())
except SettingsError as error:
    raise SystemExit(f"campaigns can't start: {error}") from None
