"""Documents of a case as the store keeps them, on both engines: kept, told once, let go, erased with what was said."""

from sqlalchemy import func, select

from app.case_files import keep_file
from app.merging import merge
from app.retention_round import retention_round
from app.runtime import Runtime
from app.transcripts import Player
from app.worker import take_jobs
from feedback.acts import Approve, Ask, Confirm, DraftReply, Refusal, Reply, ReturnDraft
from feedback.attaching import Attached
from feedback.notes import Note
from feedback.replies import Parts
from feedback.roles import CITIZEN, Actor
from storage import case_files, threads
from storage.tables import acts, blobs, cases
from storage.tables import case_files as rows
from tests.documents import PDF
from tests.stores import SampleCommune
from tests.unit.test_storage_case_work import report
from tests.unit.test_storage_case_work import town as town_of_work
from vietnam.time import DAY

Town = tuple[Runtime, Player, Player, Actor]
town = town_of_work


async def kept(runtime: Runtime, unit: int, name: str = "a.pdf") -> Attached:
    made = await keep_file(runtime, unit, name, PDF)
    assert isinstance(made, Attached)
    return made


async def id_of(runtime: Runtime, code: str) -> int:
    return await runtime.store.read(lambda conn: int(conn.scalar(select(cases.c.id).where(cases.c.code == code)) or 0))


async def purposes(runtime: Runtime) -> list[tuple[str, int]]:
    query = select(rows.c.purpose, blobs.c.kept).join(blobs, blobs.c.id == rows.c.blob_id).order_by(rows.c.version)
    return await runtime.store.read(lambda conn: [tuple(row) for row in conn.execute(query)])


async def test_a_document_comes_with_its_act_and_a_draft_lets_go_of_what_it_no_longer_has(town: Town) -> None:
    runtime, first, _second, leader = town
    case = await id_of(runtime, await report(first, "thôn Mẫu 1"))
    question, note, old, new = [await kept(runtime, leader.unit, f"{name}.pdf") for name in ("hoi", "cv", "cu", "moi")]

    assert not isinstance(await runtime.act(case, Ask("Chỗ nào ạ?", 0, (question,)), leader), Refusal)
    assert not isinstance(await runtime.act(case, Note("", 0, (note,)), leader), Refusal)
    await runtime.act(case, DraftReply("Đang làm.", 0, Parts(files=(old, new))), leader)
    await runtime.act(case, ReturnDraft("Thiếu chữ ký."), leader)
    assert await purposes(runtime) == [("ask", 1), ("inside", 1), ("draft", 1), ("draft", 1)]
    await runtime.act(case, DraftReply("Đang làm.", 0, Parts(files=(new,))), leader)
    await runtime.act(case, Approve(), leader)
    assert await purposes(runtime) == [("ask", 1), ("inside", 1), ("answer", 1)]

    # what nobody points to is swept, the others are there whole
    await runtime.blobs.sweep(runtime.now() + DAY)
    assert await runtime.blobs.get(old.blob) is None
    assert [await runtime.blobs.get(one.blob) for one in (question, note, new)] == [PDF] * 3
    seen = await runtime.store.read(lambda conn: threads.thread(conn, case))
    assert [[file.name for file in said.files] for said in seen.said if said.files] == [["hoi.pdf"], ["moi.pdf"]]
    details = await runtime.store.read(
        lambda conn: list(conn.scalars(select(acts.c.detail).where(acts.c.thing_id == case)))
    )
    assert sum('"files":1' in one.replace(" ", "") for one in details) >= 3
    assert not any("moi.pdf" in one for one in details), "the history counts them; names go when the documents go"


async def test_what_was_swept_cannot_be_sent_and_nothing_is_half_done(town: Town) -> None:
    runtime, first, _second, leader = town
    case = await id_of(runtime, await report(first, "thôn Mẫu 1"))
    good = await kept(runtime, leader.unit)
    gone = Attached(good.blob + 1, "b.pdf", 1)
    refused = await runtime.act(case, Reply("Xin xem.", 0, Parts(files=(good, gone))), leader)
    assert refused == Refusal("files.gone")
    assert await purposes(runtime) == []
    assert await runtime.store.read(lambda conn: conn.scalar(select(blobs.c.kept).where(blobs.c.id == good.blob))) == 0


async def test_only_what_is_new_or_of_this_draft_can_be_named_by_a_form(town: Town, commune: SampleCommune) -> None:
    runtime, first, second, leader = town
    case = await id_of(runtime, await report(first, "thôn Mẫu 1"))
    other = await id_of(runtime, await report(second, "thôn Mẫu 2"))
    draft, new, theirs = [await kept(runtime, leader.unit) for _number in range(3)]
    image = await runtime.blobs.put(leader.unit, "image/jpeg", b"a picture")
    await runtime.act(case, DraftReply("Đang làm.", 0, Parts(files=(draft,))), leader)
    await runtime.act(other, Reply("Xong.", 0, Parts(files=(theirs,))), leader)
    named = (draft.blob, new.blob, theirs.blob, image, 12)
    found = await runtime.store.read(lambda conn: case_files.usable(conn, leader.unit, case, named))
    assert found == (draft, new)
    assert (
        await runtime.store.read(lambda conn: case_files.usable(conn, commune.villages[0], case, named)) == (draft,)[:0]
    )


async def test_whoever_told_of_the_same_gets_what_came_with_the_answer_once(town: Town) -> None:
    runtime, first, second, leader = town
    code = await report(first, "thôn Mẫu 1")
    joined = await id_of(runtime, await report(second, "thôn Mẫu 1"))
    assert not isinstance(await merge(runtime, joined, code, 0, leader), Refusal)
    await second.hear()
    photo = await runtime.blobs.put(leader.unit, "image/jpeg", b"a picture")
    document, inside = await kept(runtime, leader.unit, "bien ban.pdf"), await kept(runtime, leader.unit, "cv.pdf")
    case = await id_of(runtime, code)
    await runtime.act(case, Note("", 0, (inside,)), leader)
    await runtime.act(case, Reply("Đã làm.", 0, Parts(photos=(photo,), files=(document,))), leader)
    while await take_jobs(runtime, _no_photo):
        pass
    (told,) = await second.hear()
    assert (told.pictures, told.files) == ((photo,), (document,))
    assert "• bien ban.pdf" in told.text

    def page(conn: object) -> tuple[object, ...]:
        found = threads.thread(conn, joined).said[-1]  # type: ignore[arg-type]
        return (
            found.photos,
            [one.name for one in found.files],
            threads.picture_type(conn, joined, photo),  # type: ignore[arg-type]
            threads.document(conn, joined, inside.blob),  # type: ignore[arg-type]
        )

    assert await runtime.store.read(page) == ((photo,), ["bien ban.pdf"], "image/jpeg", None)


async def _no_photo(_runtime: Runtime, _job: object) -> None:
    raise AssertionError("no picture is to be fetched")


async def test_they_go_when_the_time_of_keeping_is_over(town: Town) -> None:
    runtime, first, _second, leader = town
    case = await id_of(runtime, await report(first, "thôn Mẫu 1"))
    document, inside = await kept(runtime, leader.unit), await kept(runtime, leader.unit)
    await runtime.act(case, Note("", 0, (inside,)), leader)
    await runtime.act(case, Reply("Xong.", 0, Parts(files=(document,))), leader)
    await runtime.act(case, Confirm(), Actor(kind=CITIZEN, unit=leader.unit))
    later = runtime.now() + 3_000 * DAY
    runtime.now = lambda: later
    await retention_round(runtime)
    assert await purposes(runtime) == []
    await runtime.blobs.sweep(later)
    assert await runtime.blobs.get(document.blob) is None
    assert await runtime.blobs.get(inside.blob) is None
    assert await runtime.store.read(lambda conn: conn.scalar(select(func.count()).select_from(blobs))) == 0
