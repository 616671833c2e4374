#!/usr/bin/env python3
"""Sends one order in the Standard format, signed, and again until it is taken. Python 3.8 and its own library do.

    WEBHOOK_URL=https://…/webhooks/standard/… WEBHOOK_SECRET=whsec_… python3 send_order.py order.json [tries]

`order.json` is the whole message, `{"type": "order.paid", "data": {…}}`; `-` reads it from standard input. Ends with
0 stored for good, 1 refused (sending it again unchanged won't help), 2 called wrongly, 3 not taken so far: try later.
"""

import base64
import hashlib
import hmac
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

STORED, REFUSED, WRONG_USE, TRY_LATER = 0, 1, 2, 3
TRIES = 6  # waits of 1, 2, 4, 8 and 16 seconds between them
LONGEST_WAIT = 60


class Unmoved(urllib.request.HTTPRedirectHandler):
    """A redirect would turn the POST into a GET and lose the order: the address must be the right one."""

    def redirect_request(self, *redirect):
        """Follow none."""


def signed_headers(secret, message_id, body):
    """The id stays the same when the message is sent again; the time and with it the signature are fresh."""
    timestamp = str(int(time.time()))
    key = base64.b64decode(secret[len("whsec_") :] if secret.startswith("whsec_") else secret)
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def post(url, headers, body):
    """The status and the seconds we are asked to wait; status 0 where no answer came."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.build_opener(Unmoved).open(request, timeout=30) as answer:
            return answer.status, 0
    except urllib.error.HTTPError as error:
        after = error.headers.get("Retry-After", "")
        return error.code, int(after) if after.isdecimal() else 0
    except OSError:
        return 0, 0


def send(url, secret, body, tries=TRIES):
    """Send until it is stored, refused, or tried often enough; returns how it ended."""
    message_id = f"msg_{uuid.uuid4().hex}"
    for attempt in range(tries):
        status, wanted = post(url, signed_headers(secret, message_id, body), body)
        if 200 <= status < 300:
            return STORED
        if 300 <= status < 500 and status not in (408, 429):
            sys.stderr.write(f"refused with {status}\n")
            return REFUSED
        sys.stderr.write(f"try {attempt + 1} of {tries}: {status or 'no answer'}\n")
        if attempt + 1 < tries:
            time.sleep(min(max(2**attempt, wanted), LONGEST_WAIT))
    return TRY_LATER


def main(arguments):
    """Read the message and send it."""
    url, secret = os.environ.get("WEBHOOK_URL", ""), os.environ.get("WEBHOOK_SECRET", "")
    if not url or not secret or not arguments or not (arguments[1:] or [str(TRIES)])[0].isdecimal():
        sys.stderr.write(__doc__ or "")
        return WRONG_USE
    try:
        with open(sys.stdin.fileno() if arguments[0] == "-" else arguments[0], "rb") as file:
            body = file.read()
        return send(url, secret, body, int((arguments[1:] or [TRIES])[0]))
    except (OSError, ValueError) as error:  # no such file, or a secret or an address that is none
        sys.stderr.write(f"{error}\n")
        return WRONG_USE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
