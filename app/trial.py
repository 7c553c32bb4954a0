"""A sample commune to talk to under a clock that stands still: what is recorded there is replayed word for word."""

import hashlib
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from app.opening import open_runtime
from app.runtime import Runtime
from app.settings import CommuneSettings, PrivacySettings, Settings, Storage, Web
from storage import waves
from storage.units import communes
from surveys.ready import ready, ready_file
from vietnam.time import TZ, to_ms

NOW = to_ms(datetime(2026, 10, 3, 9, tzinfo=TZ))
_SEED = 2026
_ASKED = ("chinh_quyen_than_thien", "sau_thu_tuc")
"""Ready questionnaires that are open in it: as many as a commune asks at a time."""
_COMMUNE = CommuneSettings(
    name="xã Mẫu",
    province="tỉnh Mẫu",
    units=["thôn Mẫu 1", "thôn Mẫu 2", "thôn Mẫu 3", "thôn Nà Pất (Hòa Bình)", "thôn Nà Pất (Y Tịch)"],
    phone="0205 000 0000",
    contact="ông Mẫu",
)
"""Invented; two villages have the same name, as happens where communes were joined."""


async def open_trial(folder: Path) -> tuple[Runtime, int]:
    """A runtime over a new store in the folder (or over an empty one that is there), and the id of its commune."""
    settings = Settings(
        storage=Storage(url=f"sqlite:///{folder}/nghedan.db"),
        web=Web(public_url="https://nghedan.example"),
        commune=_COMMUNE,
        privacy=PrivacySettings(key_file=folder / "nghedan.key"),
    )
    runtime = await open_runtime(settings, make=True)
    draw = Random(_SEED)  # noqa: S311 - the case codes of a rehearsal are the same each time
    runtime.now = lambda: NOW
    runtime.draw = runtime.ledger.draw = lambda: draw.getrandbits(62)
    unit = (await runtime.store.read(communes))[0]
    for name in _ASKED:
        checksum = hashlib.sha256(ready_file(name)).hexdigest()
        await runtime.store.write(
            partial(waves.publish, unit_id=unit.id, survey=ready(name), checksum=checksum, now=NOW)
        )
    return runtime, unit.id
