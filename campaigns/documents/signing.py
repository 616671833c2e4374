"""The agency's digital signature on a PDF, where it has a certificate: a PKCS#12 file, and its password.

The only module that imports pyhanko (the extra `signing`), and only when something is signed. A certificate that can't
be used raises CannotSign: the paper then waits, and is never made without the signature that is asked for. A signature
holds the moment it was made, so its bytes are made once and kept, as all of a paper's are.
https://pyhanko.readthedocs.io/en/latest/lib-guide/signing.html

With an authority to ask (RFC 3161), the signature carries its time stamp, PAdES level B-T. Without a stamp that holds
nothing is signed: the paper waits, as it does for the certificate.
"""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from campaigns.errors import DomainError, Said

FIELD = "Agency"
ROOM = 32 * 1024  # hexadecimal digits for a stamped signature: several times what authorities' answers come to

Asked = Callable[[bytes], bytes]  # a time-stamp request to its answer


class CannotSign(DomainError):
    """Raised when papers are to be signed and can't be; the message says why."""


def signing(path: Path, password: str, now: datetime, asked: Asked | None = None) -> Callable[[bytes], bytes]:
    """What signs a PDF with the certificate in a file; raises CannotSign where it can't be used at this moment.

    Signing raises it too, where `asked` brings no time stamp that holds.
    """
    signer = _signer(path, password)
    certificate = signer.signing_cert
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        raise CannotSign(Said("the certificate that papers are signed with is not valid now"))

    def sign(pdf: bytes) -> bytes:
        from pyhanko.sign.fields import SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

        meta = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        # With its room known, pyhanko asks for no stamp beforehand, only to measure it.
        stamped = {} if asked is None else {"timestamper": _stamper(asked), "bytes_reserved": ROOM}
        written: BytesIO = sign_pdf(_appending(pdf), meta, signer=signer, output=BytesIO(), **stamped)
        return written.getvalue()

    return sign


def _appending(pdf: bytes) -> Any:
    """What adds a signature to a PDF and changes nothing of what the PDF says about itself.

    For a key on an elliptic curve pyhanko calls the file PDF 2.0, which PDF/A-3 is not a part of; and it names itself
    as the producer, in other words in the metadata than in the information beside them.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Appending(IncrementalPdfFileWriter):
        def ensure_output_version(self, version: Any) -> None:
            """It stays the version it is."""

        def register_extension(self, ext: Any) -> None:
            """Only what extends that version."""
            if str(ext.base_version) < "/2":
                super().register_extension(ext)

        def _update_meta(self) -> None:
            """The time of the signature stands in the signature."""

    return Appending(BytesIO(pdf))


def _stamper(asked: Asked) -> Any:
    from pyhanko.sign.timestamps import TimeStamper

    class Authority(TimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            """A stamp on this digest; raises CannotSign."""
            nonce, request = self.request_cms(message_digest, md_algorithm)
            answer = asked(request.dump())
            try:
                return await _token(answer, nonce, message_digest, md_algorithm)
            except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError) as error:
                # asn1crypto reads lazily, and says in any of these ways that bytes are not what they should be.
                raise CannotSign(Said("the time-stamp authority's answer can't be used")) from error

    return Authority()


async def _token(answer: bytes, nonce: int, digest: bytes, algorithm: str) -> Any:
    """The stamp in an answer: granted, for this request and digest, and signed by the certificate it brings.

    https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
    """
    from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    class Response(core.Sequence):
        """As the standard has it: a refusal brings no stamp, which asn1crypto's own class asks for."""

        _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]

    response = Response.load(answer, strict=True)
    if response["status"]["status"].native not in ("granted", "granted_with_mods"):
        raise CannotSign(Said("the time-stamp authority refused"))
    token = response["time_stamp_token"]
    if token["content"]["encap_content_info"]["content"].parsed["nonce"].native != nonce:
        raise ValueError("the stamp is for another request")
    # Whether the authority is one to be trusted is for the paper's readers: here it is the one that was chosen.
    brought = [one.chosen for one in token["content"]["certificates"] if one.name == "certificate"]
    context = ValidationContext(trust_roots=brought, allow_fetching=False)
    stamped = {algorithm: digest}
    status = await validate_tst_signed_data(token["content"], context, lambda name: stamped.get(name, b""))
    if not (status["intact"] and status["valid"]):
        raise ValueError("the stamp is for other bytes, or its signature is wrong")
    return token


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
