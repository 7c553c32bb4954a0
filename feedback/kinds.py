"""What a citizen may bring: kinds and fields with their rules, read once from feedback/kinds.toml."""

import tomllib
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec

from feedback.roles import Role


class Kind(StrEnum):
    """The kinds, as ids that the wording catalogue names.

    feedback: phản ánh · petition: kiến nghị · dialogue: đề nghị đối thoại, gặp lãnh đạo · suggestion: góp ý ·
    praise: khen · conduct: thái độ cán bộ · business: từ doanh nghiệp.
    """

    FEEDBACK = "feedback"
    PETITION = "petition"
    DIALOGUE = "dialogue"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    CONDUCT = "conduct"
    BUSINESS = "business"


USUAL = (Kind.FEEDBACK, Kind.PETITION, Kind.DIALOGUE)
"""What most people come with: the first list. The others stand in a second one, so that neither is long."""
OTHERS = tuple(kind for kind in Kind if kind not in USUAL)
_BEFORE = ("toi muon ", "toi xin ", "cho toi ", "muon ", "xin ", "gui ", "toi ")
"""What people put before the name of a kind, folded."""
Asked = Literal["field", "works", "photo", "village"]


class KindRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of one kind; what each says is told at the head of the file."""

    id: Kind
    anonymous: bool
    promise: str
    handled_by: Role
    signed_by: Role
    asks: tuple[Asked, ...]
    field: str = ""
    words: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field. `works`: may concern a công trình or dự án; `becomes`: a report of this field is of that kind."""

    id: str
    works: bool = False
    becomes: Kind | None = None


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kind: tuple[KindRule, ...]
    field: tuple[Field, ...]


def read_kinds(text: str) -> Table:
    """A table from TOML; ValueError (msgspec.ValidationError, tomllib.TOMLDecodeError among them) where it is none."""
    table = msgspec.convert(tomllib.loads(text), Table)
    fields = [field.id for field in table.field]
    if sorted(rule.id for rule in table.kind) != sorted(Kind):
        raise ValueError("every kind needs exactly one entry")
    if len(set(fields)) < len(fields):
        raise ValueError("a field stands there twice")
    for rule in table.kind:
        if ("field" in rule.asks) == bool(rule.field) or (rule.field and rule.field not in fields):
            raise ValueError(f"{rule.id}: asks for its field, or names one that is listed")
    return table


@lru_cache(maxsize=1)
def _table() -> Table:
    return read_kinds(resources.files("feedback").joinpath("kinds.toml").read_text(encoding="utf-8"))


def rule(kind: Kind) -> KindRule:
    """The rules of a kind."""
    return _rules()[kind]


@lru_cache(maxsize=1)
def _rules() -> dict[Kind, KindRule]:
    return {one.id: one for one in _table().kind}


def field(id: str) -> Field | None:
    """A field by its id; None where there is none."""
    return next((one for one in _table().field if one.id == id), None)


def typed(said: str) -> Kind | None:
    """The kind that folded words name and nothing else ("khen", "toi muon gop y"); None for anything else."""
    bare = next((said.removeprefix(word) for word in _BEFORE if said.startswith(word)), said)
    return next((one.id for one in _table().kind if said in one.words or bare in one.words), None)


def suggested(said: str) -> Kind | None:
    """The kind that a longer folded text most likely is; None where nothing points to one of the rarer kinds."""
    inside = f" {said} "
    return next((one.id for one in _table().kind if any(f" {words} " in inside for words in one.says)), None)


CATEGORIES: tuple[str, ...] = tuple(one.id for one in _table().field)
"""Fields of a case (lĩnh vực), in the order a menu shows them; wording keys are "category.<id>"."""
