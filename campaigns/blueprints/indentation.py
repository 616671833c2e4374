"""Templates without their indentation: a tenth of a page, which browsers don't need and phones pay for.

Lines stay, so an error still names its line. Papers, letters and code to copy are left as they are written.
"""

import re

from jinja2.ext import Extension

AS_WRITTEN = ("documents/", "mail/", "setup/")
INDENT = re.compile(r"\n[ \t]+")


class Indentation(Extension):
    """Takes it out where a template is read, once in a process."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source of a page's template as it is compiled.

        >>> from jinja2 import Environment
        >>> Environment(extensions=[Indentation]).from_string("<ul>\\n  <li>one\\n</ul>").render()
        '<ul>\\n<li>one\\n</ul>'
        """
        return source if (name or "").startswith(AS_WRITTEN) else INDENT.sub("\n", source)
