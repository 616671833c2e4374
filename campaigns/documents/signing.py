"""The agency's digital signature on a PDF, where it has a certificate: a PKCS#12 file, and its password.

The only module that imports pyhanko (the extra `signing`), and only when something is signed. A certificate that can't
be used raises CannotSign: the paper then waits, and is never made without the signature that is asked for. A signature
holds the moment it was made, so its bytes are made once and kept, as all of a paper's are.
https://pyhanko.readthedocs.io/en/latest/lib-guide/signing.html
"""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from campaigns.errors import DomainError, Said

FIELD = "Agency"


class CannotSign(DomainError):
    """Raised when papers are to be signed and can't be; the message says why."""


def signing(path: Path, password: str, now: datetime) -> Callable[[bytes], bytes]:
    """What signs a PDF with the certificate in a file; raises CannotSign where it can't be used at this moment."""
    signer = _signer(path, password)
    certificate = signer.signing_cert
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        raise CannotSign(Said("the certificate that papers are signed with is not valid now"))

    def sign(pdf: bytes) -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign.fields import SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

        meta = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        written: BytesIO = sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer=signer, output=BytesIO())
        return written.getvalue()

    return sign


def _signer(path: Path, password: str) -> Any:
    try:
        from pyhanko.sign.signers import SimpleSigner
    except ImportError as error:
        raise CannotSign(Said("papers are to be signed, and pyhanko is not installed")) from error
    if not path.is_file():
        raise CannotSign(Said("the certificate that papers are signed with is not there"))
    # It answers None, and says why in its own log, for a wrong password as well as for another kind of file.
    signer = SimpleSigner.load_pkcs12(str(path), passphrase=password.encode())
    if signer is None or signer.signing_cert is None:
        raise CannotSign(Said("the certificate that papers are signed with can't be read with the password given"))
    return signer
