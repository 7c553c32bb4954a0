"""QR codes of addresses, as the papers print them."""

from io import BytesIO

QUIET = 4
"""Modules of white around a code: with less some cameras do not find it."""
_ERROR = "m"
_SCALE = 12
"""Pixels a module: at 40 mm more than a printer shows."""


def code_png(address: str) -> bytes:
    """The code of an address as a PNG with its quiet zone. segno.DataOverflowError where it is too long for any."""
    import segno

    drawn = BytesIO()
    segno.make(address, error=_ERROR, micro=False).save(drawn, kind="png", border=QUIET, scale=_SCALE)
    return drawn.getvalue()
