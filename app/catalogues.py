"""Wording catalogues compiled from the .po of git to the .mo that gettext reads.

`make setup` runs this module; hatch_build.py calls it for the wheel. Nothing here belongs to a running product.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every `<room>/locale/<language>/LC_MESSAGES/<domain>.po` below `root`, sorted."""
    return sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_catalogue(po: Path) -> Path:
    """Write the .mo beside a .po, whole or not at all; a fault in the file is babel's PoFileError with its line.

    Entries marked fuzzy are left out: a text nobody has looked at is not said to anybody.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name, domain=po.stem, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled.getvalue():
        # Tests and a running demo may read the old one at this moment.
        fresh = mo.with_suffix(f".{os.getpid()}.tmp")
        fresh.write_bytes(compiled.getvalue())
        fresh.replace(mo)
    return mo


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Compile all of them; the paths of the .mo files."""
    return [compile_catalogue(po) for po in catalogues(root)]


if __name__ == "__main__":
    sys.stdout.writelines(f"{path.relative_to(ROOT)}\n" for path in compile_catalogues())
