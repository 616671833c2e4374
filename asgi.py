"""The web application as production's server runs it: wsgi.py behind the door of campaigns/lanes/door.py."""

from campaigns.lanes.door import Door
from campaigns.supervise import web_threads
from wsgi import app as pages

settings = pages.extensions["settings"]
app = Door(pages, settings, web_threads(settings))
