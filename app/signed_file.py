"""The signed file of a report as it comes from văn thư: a whole PDF and nothing else, stored byte for byte.

It is never rewritten: a digital signature covers its bytes.
"""

MOST = 20 * 1024 * 1024
"""Bytes: a scan of some forty pages."""
_HEAD, _TAIL = 1_024, 2_048


def fault_of(data: bytes) -> str:
    """Why these bytes are not kept as the signed file (a wording key), "" where they are."""
    if not data:
        return "report.signed_missing"
    if len(data) > MOST:
        return "report.signed_big"
    # Readers allow some bytes around it (ISO 32000-1, 7.5.2 and 7.5.5); without its end a download broke off.
    whole = b"%PDF-" in data[:_HEAD] and b"%%EOF" in data[-_TAIL:] and b"startxref" in data[-_TAIL:]
    return "" if whole else "report.signed_no_pdf"
