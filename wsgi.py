"""The web application, as servers and the `flask` command find it."""

import gc

from campaigns import create_app
from config import Settings, SettingsError

try:
    app = create_app(Settings.from_env())
except SettingsError as error:
    raise SystemExit(f"campaigns can't start: {error}") from None

# What is loaded stays: without this the collector looks at all of it again and again while shops wait.
gc.collect()
gc.freeze()
