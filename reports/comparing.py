"""An issued report beside a new count of the same period: which figures are not what they were.

Numbers of cases are exact inside the authority, so both are told. Of surveys only what is another: two counts side by
side would tell of the few answers that lie between them.
"""

from typing import Any

import msgspec

from reports.figures import Figures
from reports.texts import Texts, texts

_NOT_COUNTED = frozenset(
    {"made_on", "plan", "published", "late", "before", "sample", "period", "target", "cut_off", "issue_by"}
)
_TOLD = frozenset({"cases", "dialogues", "promises", "times"})
"""Groups whose numbers are told."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One figure that is another now. `frozen` and `today` are None where they are not told.

    `path` names it for a machine ("cases.received"), `group` and `name` for a reader.
    """

    path: str
    group: str
    name: str
    frozen: float | None = None
    today: float | None = None


def differences(frozen: str, today: Figures, wording: Texts | None = None) -> list[Difference]:
    """Every figure that differs, in the order of the report; another day of making alone is no difference.

    `frozen` are the figures as they were stored. What was not counted yet when they were is not compared.
    """
    say = wording or texts()
    old: dict[str, Any] = msgspec.json.decode(frozen)
    new: dict[str, Any] = _known(msgspec.json.decode(today.encode()), old)
    found: list[Difference] = []
    for group in Figures.__struct_fields__:
        if group in _NOT_COUNTED or group not in old or old[group] == new.get(group):
            continue
        if group == "surveys":
            found += _surveys(old[group], new[group], say)
        elif isinstance(old[group], dict) and isinstance(new[group], dict):
            found += _values(group, old[group], new[group], say)
        else:
            found.append(Difference(path=group, group=_said(say, group), name=""))
    return found


def _known(new: Any, old: Any) -> Any:  # noqa: ANN401 - JSON of whatever shape
    """The new figures without the fields that the old ones do not know."""
    if isinstance(new, dict) and isinstance(old, dict):
        return {name: _known(value, old[name]) for name, value in new.items() if name in old}
    if isinstance(new, list) and isinstance(old, list) and old:
        return [_known(value, old[min(at, len(old) - 1)]) for at, value in enumerate(new)]
    return new


def _values(group: str, old: dict[str, Any], new: dict[str, Any], say: Texts) -> list[Difference]:
    told = group in _TOLD
    return [
        Difference(
            path=f"{group}.{name}",
            group=_said(say, group),
            name=_said(say, name),
            frozen=_number(old.get(name)) if told else None,
            today=_number(new.get(name)) if told else None,
        )
        for name in new
        if old.get(name) != new.get(name)
    ]


def _surveys(old: list[dict[str, Any]], new: list[dict[str, Any]], say: Texts) -> list[Difference]:
    def keyed(some: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {f"{one['title']} ({one['number']}, {one['kind']})": one for one in some}

    before, now = keyed(old), keyed(new)
    return [
        Difference(path=f"surveys.{key}", group=_said(say, "surveys"), name=(now.get(key) or before[key])["title"])
        for key in dict.fromkeys([*before, *now])
        if before.get(key) != now.get(key)
    ]


def _said(say: Texts, name: str) -> str:
    key = f"compared.{name}"
    return say.say(key) if key in say else name


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
