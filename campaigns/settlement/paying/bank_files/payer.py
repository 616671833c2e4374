"""Who pays, as bank files name them: the agency's numbers at its bank, from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Payer:
    """The settings of the files; what is empty was not set. How Masav wants Hebrew differs from bank to bank."""

    name: str
    masav_institution: str = ""  # eight digits, given by Masav
    masav_sender: str = ""  # five digits
    masav_code_a: bool = False  # Hebrew as & and A to Z; else code page 862
    masav_reversed: bool = True  # Hebrew written from its last letter, as old printers want it
    masav_last_crlf: bool = True  # whether a line end follows the last record
    sepa_iban: str = ""
    sepa_bic: str = ""
