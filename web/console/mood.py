"""Tâm tư, dư luận: open answers and góp ý, each marked with a field in one tap, and what of them may be quoted."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.kinds import CATEGORIES
from feedback.mood import LONGEST_QUOTE, Fault, Mark, OpinionKey, Thing
from feedback.redacting import redacted
from feedback.topics import topic_of
from reports.periods import Period, parse
from storage import topics
from storage.topics import Opinion
from vietnam.text import clean
from vietnam.time import day_of
from web.body import Form, read_form
from web.console.access import Desk, signed_in
from web.console.reports import choices

ADDRESS = "/can-bo/tam-tu"
MOST = 20
"""Opinions on a page: as many as are read in one sitting, and marked with one tap."""
_FIELDS = 8 * MOST
_KINDS: dict[str, Thing] = {"answer": topics.ANSWER, "case": topics.CASE}
_WAITING, _DONE = "cho", "xong"


class Line(NamedTuple):
    """One opinion on the page: what is proposed, or was typed, and what is wrong with it."""

    id: str
    opinion: Opinion
    topic: str
    quote: str
    cite: bool
    fault: Fault = ""


@signed_in("mood.see")
async def shown(desk: Desk) -> Response:
    """What waits to be marked in a period, or what was marked."""
    return await _page(desk, dict(desk.request.query_params))


async def _page(
    desk: Desk,
    asked: Mapping[str, str],
    *,
    typed: Mapping[str, Mark] | None = None,
    faults: Mapping[OpinionKey, Fault] | None = None,
    status: int = 200,
) -> Response:
    now = day_of(desk.services.now())
    groups = choices(now, desk.services.report_month)
    period = _period(desk, asked.get("ky", ""), now)
    marked = asked.get("muc") == _DONE
    topic = asked.get("linh_vuc", "") if marked else ""

    def look(conn: Connection) -> dict[str, Any]:
        days = period.first, min(period.last, now)
        field = topic if topic in CATEGORIES else ""
        found = topics.listed(conn, desk.actor, *days, marked=marked, limit=MOST, topic=field)
        waiting, done = (
            topics.listed(conn, desk.actor, *days, marked=one, limit=0).many
            if marked is not one or field
            else found.many
            for one in (False, True)
        )
        lines = [_line(one, (typed or {}).get(_id(one.key)), (faults or {}).get(one.key, "")) for one in found.opinions]
        return {"lines": lines, "many": found.many, "waiting": waiting, "marked": done, "grave": found.grave}

    return await desk.show(
        "console/mood.html",
        look,
        status=status,
        groups=groups,
        period=period,
        tab=_DONE if marked else _WAITING,
        topic=topic,
        categories=CATEGORIES,
        longest=LONGEST_QUOTE,
        kept=asked.get("da", "") if _number(asked.get("da", ""), digits=4) >= 0 else "",
        faults=faults or {},
    )


def _period(desk: Desk, key: str, today: date) -> Period:
    """The period that was asked for; the quarter of today where it is none that has begun."""
    month = desk.services.report_month
    known = {choice.key for some in choices(today, month).values() for choice in some}
    now = today.year, (today.month - 1) // 3 + 1
    return parse(key if key in known else f"{now[0]}-Q{now[1]}", month=month)


def _line(opinion: Opinion, typed: Mark | None, fault: Fault) -> Line:
    id = _id(opinion.key)
    if typed is not None:
        return Line(id, opinion, typed.topic, typed.quote or redacted(opinion.text), bool(typed.quote), fault)
    proposed = redacted(opinion.text)[:LONGEST_QUOTE]
    return Line(id, opinion, opinion.topic or topic_of(opinion.text), opinion.quote or proposed, bool(opinion.quote))


def _id(key: OpinionKey) -> str:
    return f"{key.thing}-{key.id}-{key.question}"


def _key(id: str) -> OpinionKey | None:
    """The opinion that a field of the form names; None for anything else."""
    kind, _, rest = id.partition("-")
    number, _, question = rest.partition("-")
    if kind not in _KINDS or not 0 <= (id_of := _number(number, digits=19)) < 1 << 63:
        return None
    return OpinionKey(_KINDS[kind], id_of, question[:200])


@signed_in("mood.tag")
async def save(desk: Desk) -> Response:
    """Put down one, or all that are ticked."""
    form = await read_form(desk.request, fields=_FIELDS)
    marks = _marks(form)
    now = desk.services.now()
    faults = await desk.services.store.write(lambda tx: topics.tag(tx, desk.actor, list(marks.values()), now))
    asked = {name: form[name] for name in ("ky", "muc", "linh_vuc")}
    kept = len(marks) - len(faults)
    if faults or not marks:
        return await _page(desk, asked | {"da": str(kept)}, typed=marks, faults=faults, status=422)
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value.replace("-", "").isalnum())
    return RedirectResponse(f"{ADDRESS}?{query}&da={kept}", 303)


def _marks(form: Form) -> dict[str, Mark]:
    """What is to be put down, by the id of its line: the one whose button was pressed, or those that are ticked."""
    one = form["one"]
    found: dict[str, Mark] = {}
    for at in range(MOST):
        id = form[f"id{at}"]
        key = _key(id)
        if key is None or not (str(at) == one or (not one and form[f"pick{at}"])):
            continue
        quote = " ".join(clean(form[f"quote{at}"])[0].split()) if form[f"cite{at}"] else ""
        found[id] = Mark(key=key, topic=form[f"topic{at}"], quote=quote, seen=_number(form[f"seen{at}"]))
    return found


def _number(text: str, *, digits: int = 15) -> int:
    """A number as it came, -1 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else -1
