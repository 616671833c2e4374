"""What an uploaded file is, by its first and last bytes; its name and what the browser says of it count for nothing."""

from campaigns.errors import Invalid, Said

LARGEST_FILE = 1_500_000  # bytes: as base64 in JSON it still fits into an everyday body
TAIL = 2048  # PDF readers look for the end mark here


def media_type_of(body: bytes) -> str:
    """`application/pdf`, `image/jpeg` or `image/png`; raises Invalid for anything else.

    >>> media_type_of(b"%PDF-1.7 1 0 obj %%EOF")
    'application/pdf'
    """
    if not body:
        raise Invalid({"file": [Said("Choose the file first.")]})
    if len(body) > LARGEST_FILE:
        raise Invalid({"file": [Said("The file is larger than 1.5 MB: take a smaller picture, or send a PDF.")]})
    if body.startswith(b"%PDF-") and b"%%EOF" in body[-TAIL:]:
        return "application/pdf"
    if body.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in body[-TAIL:]:
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in body[-TAIL:]:
        return "image/png"
    raise Invalid({"file": [Said("Send a PDF, or a JPEG or PNG picture.")]})
