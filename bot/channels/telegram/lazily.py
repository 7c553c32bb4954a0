"""aiogram without building, on import, what is never used: imported before anything else of it.

It builds the checks of its 650 models on import: 110 MB and two seconds for the dozen of them that are used here. They
are built at their first use instead, with the names that aiogram hands to them. Where it was imported before, it is
built already and nothing changes.
"""

import sys
from typing import Any

from pydantic import BaseModel

_names: dict[str, Any] = {}


def _later(_: type[BaseModel], /, *, _types_namespace: dict[str, Any] | None = None, **__: object) -> None:
    _names.update(_types_namespace or {})


def _now(cls: type[BaseModel], /, *, force: bool = False, raise_errors: bool = True, **_: object) -> bool | None:
    done: bool | None = _plain(cls, force=force, raise_errors=raise_errors, _types_namespace=_names)
    return done


_plain = BaseModel.model_rebuild.__func__  # type: ignore[attr-defined]  # a classmethod has it

if "aiogram" not in sys.modules:
    BaseModel.model_rebuild = classmethod(_later)  # type: ignore[assignment, method-assign]  # while it is imported
    try:
        from aiogram.methods import Response, TelegramMethod
        from aiogram.types import TelegramObject
    finally:
        BaseModel.model_rebuild = classmethod(_plain)  # type: ignore[assignment, method-assign]  # as it was
    for _base in (TelegramObject, TelegramMethod, Response):
        _base.model_rebuild = classmethod(_now)  # type: ignore[assignment, method-assign]  # knows the names
