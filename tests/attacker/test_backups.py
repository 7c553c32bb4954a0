"""Two backups one answer apart, a release between: of fewer than five people nothing ever shows."""

from collections import Counter
from collections.abc import Iterator
from random import Random

from storage.responses import GROUP
from tests.attacker.loot import PLACE, WRITTEN_BY, Loot, Row, rows
from tests.attacker.town import Person, Town, crowd, person
from tests.stores import SampleCommune

LATER = ("channel", "village_id", "wave_id", "partial", "assisted")
"""What may be known of a released answer: of each kind that appears there are five or more."""


def facts(row: Row) -> tuple[tuple[str, object], ...]:
    """A row without where it lies and who wrote it: what a dump has of it."""
    return tuple(sorted((key, value) for key, value in row.items() if key not in (PLACE, WRITTEN_BY)))


def news(before: Loot, after: Loot, table: str) -> list[Row]:
    """Rows of the later backup that are not in the earlier one."""
    known = {facts(row) for row in before[table]}
    return [row for row in after[table] if facts(row) not in known]


def betrayed(before: Loot, after: Loot) -> list[str]:
    """What the difference of two backups tells of fewer than five people."""
    said = {row["response_id"] for row in after["answers"]}
    # Of too few only the number is kept: responses without an answer, a thôn or a channel.
    fresh = [
        row for row in news(before, after, "responses") if row["id"] in said or row["village_id"] or row["channel"]
    ]
    found = []
    for kind, count in Counter(tuple(row[key] for key in LATER) for row in fresh).items():
        if count < GROUP:
            found.append(f"{count} responses of {kind}")
    ids = {row["id"] for row in fresh}
    if not {row["response_id"] for row in news(before, after, "answers")} <= ids:
        found.append("answers of a response that was there before")
    if not news(before, after, "responses") and (news(before, after, "rollups") or news(after, before, "rollups")):
        found.append("figures that changed by themselves")
    if len(news(after, before, "responses")):
        found.append("responses that changed")
    return found


def in_the_open(loot: Loot, secrets: Iterator[str]) -> set[str]:
    """Secrets that stand readable in any column of any table but that of released answers."""
    held = [
        value if isinstance(value, bytes) else str(value).encode()
        for name, table in loot.tables.items()
        if name != "answers"
        for row in table
        for value in row.values()
    ]
    return {secret for secret in secrets if any(secret.encode() in value for value in held)}


async def test_every_answer_with_a_backup_before_and_one_after(town: Town) -> None:
    # given people of four groups, after each of whom the worker releases what it may
    people = [
        person(number, town.rng, channel=("webchat", "telegram")[number % 2], village=1 + number // 2 % 2)
        for number in range(26)
    ]
    before = await rows(town.store)
    went = 0
    for who in people:
        await town.answers(who)
        went += await town.release()
        after = await rows(town.store)
        # then each difference is of nobody, or of five
        assert betrayed(before, after) == []
        assert in_the_open(after, (one.secret for one in people)) == set()
        # and of the sealed answers that were there, those that stay are the very same
        kept = {row["id"]: row["body"] for row in before["sealed_responses"]}
        assert all(kept.get(row["id"], row["body"]) == row["body"] for row in after["sealed_responses"])
        before = after
    assert went >= 20
    # and at the close too
    await town.close(town.wave)
    went += await town.release()
    after = await rows(town.store)
    assert betrayed(before, after) == []
    assert went == len(people) == len(after["responses"])


async def test_of_a_sealed_wave_nothing_shows_before_its_close(town: Town, commune: SampleCommune) -> None:
    from sqlalchemy import update

    from storage.tables import waves

    sealed = update(waves).where(waves.c.id == town.wave).values(sealed=1)
    await town.store.write(lambda tx: tx.execute(sealed).rowcount)
    for who in crowd(8, seed=4):
        await town.answers(who)
        assert await town.release() == 0
    before = await rows(town.store)
    assert (before["responses"], before["answers"], before["rollups"]) == ([], [], [])
    await town.close(town.wave)
    await town.release()
    after = await rows(town.store)
    # four of each village and channel are no group: all eight together, and blanked
    assert {(row["village_id"], row["channel"]) for row in after["responses"]} == {(None, "")}
    assert len(after["responses"]) == 8
    assert betrayed(before, after) == []


async def test_of_a_wave_with_four_answers_only_their_number_is_kept(town: Town) -> None:
    people = crowd(4, seed=5)
    for who in people:
        await town.answers(who)
    await town.close(town.wave)
    assert await town.release() == 4
    after = await rows(town.store)
    assert (after["answers"], after["sealed_responses"]) == ([], [])
    assert [row["counts"] for row in after["rollups"] if row["question"]] == []


async def test_codes_name_no_answer(town: Town) -> None:
    # given seven households asked by code, who answer in a chat
    wave, codes = await town.invite(7)
    people = [person(number, town.rng, channel="telegram", village=1) for number in range(7)]
    before = await rows(town.store)
    for who, code in zip(people, codes, strict=True):
        await town.answers(who, source=f"m_{code}")
        await town.release()
        after = await rows(town.store)
        assert betrayed(before, after) == []
        # then no code is stored anywhere, and no row of the list changed by the answer
        assert in_the_open(after, (code.replace("-", "") for code in codes)) == set()
        assert in_the_open(after, iter(codes)) == set()
        assert news(before, after, "invitations") == news(before, after, "frame_rows") == []
        # and what says that the code is used is no number of the list
        tokens = {row["token"] for row in after["participations"]}
        assert not tokens & {row["code"] for row in after["invitations"]}
        before = after
    await town.close(wave)
    await town.release()
    after = await rows(town.store)
    assert betrayed(before, after) == []
    assert len(after["responses"]) == 7


async def test_whoever_broke_off_is_not_found_among_those_who_finished(town: Town) -> None:
    # given four who finish and two who leave the survey open, which backups show
    people = [person(number, town.rng, channel="webchat", village=1) for number in range(6)]
    for who in people[:4]:
        await town.answers(who)
    for who in people[4:]:
        await town.begins(who)
        await town.hears(who, who.said[0])
        await town.hears(who, who.said[1])
    before = await rows(town.store)
    known = {row["account_id"] for row in before["conversations"] if row["expires_at"]}
    assert len(known) == 2
    # when their time is over
    await town.expire()
    # then the two halves and the four wholes are no group of five, neither now nor at the close
    assert await town.release() == 0
    await town.close(town.wave)
    await town.release()
    after = await rows(town.store)
    assert betrayed(before, after) == []
    assert after["answers"] == []


async def test_halves_are_released_among_halves(town: Town) -> None:
    people = [person(number, town.rng, channel="webchat", village=1) for number in range(11)]
    for who in people[:6]:
        await town.answers(who)
    for who in people[6:]:
        await town.begins(who)
        await town.hears(who, who.said[0])
        await town.hears(who, who.said[1])
    before = await rows(town.store)
    await town.expire()
    while await town.release():
        pass
    after = await rows(town.store)
    assert betrayed(before, after) == []
    assert [row["partial"] for row in after["responses"]].count(0) == 6
    await town.close(town.wave)
    await town.release()
    last = await rows(town.store)
    assert betrayed(after, last) == []
    assert [row["partial"] for row in last["responses"]].count(1) == 5


async def test_a_typed_pile_leaves_no_form_behind(town: Town) -> None:
    lot = Random(2)
    secrets = [f"tren giay {lot.getrandbits(60):x}" for _ in range(6)]
    before = await rows(town.store)
    await town.types([{"viec": "giay_to", "chung": 1 + n % 5, "gop_y": secret} for n, secret in enumerate(secrets)], 1)
    sealed = await rows(town.store)
    assert in_the_open(sealed, iter(secrets)) == set()
    assert sealed["paper_forms"] == []
    # counted under nothing that follows the order of typing: neither number nor time nor officer is with an answer
    assert {key for row in sealed["sealed_responses"] for key in row} - {PLACE, WRITTEN_BY} == {
        *("id", "unit_id", "wave_id", "village_id", "channel", "partial", "body")
    }
    assert len({len(row["body"]) for row in sealed["sealed_responses"]}) == 1
    assert await town.release() == 6
    after = await rows(town.store)
    assert betrayed(before, after) == []
    assert all(row["assisted"] and row["channel"] == "paper" for row in after["responses"])


async def test_three_forms_wait_for_more(town: Town) -> None:
    await town.types([{"viec": "giay_to", "chung": 4}] * 3, 1)
    assert await town.release() == 0
    (total,) = (await rows(town.store))["paper_totals"]
    assert (total["forms"], total["counts"]) == (3, ""), "what three say as a whole is kept by nobody"


# --- and would not fail if anything leaked ----------------------------------------------------------------------------


async def test_a_response_alone_would_be_found(town: Town) -> None:
    people = [person(number, town.rng, channel="webchat", village=1) for number in range(6)]
    for who in people:
        await town.answers(who)
    before = await rows(town.store)
    await town.release()
    after = await rows(town.store)
    assert betrayed(before, after) == []
    # one answer that is released by itself
    leaky = after.copy()
    alone = leaky["responses"][0]["id"]
    leaky.tables["responses"] = [row for row in leaky["responses"] if row["id"] != alone]
    leaky.tables["answers"] = [row for row in leaky["answers"] if row["response_id"] != alone]
    assert betrayed(leaky, after) == [f"1 responses of {('webchat', town.commune.villages[0], town.wave, 0, 0)}"]
    # figures that change by themselves, an answer that comes later, a response that changes
    leaky = after.copy()
    leaky["rollups"][0]["counts"] = "{}"
    assert betrayed(after, leaky) == ["figures that changed by themselves"]
    leaky = after.copy()
    leaky["answers"].append({**leaky["answers"][0], "question": "another"})
    assert betrayed(after, leaky) == ["answers of a response that was there before"]
    leaky = after.copy()
    leaky["responses"][0]["day"] = "2026-10-04"
    assert "responses that changed" in betrayed(after, leaky)


async def test_a_word_in_the_open_would_be_found(town: Town) -> None:
    who = Person(1, "webchat", 1, "dauhieu", ("2", "dauhieu"))
    await town.answers(who)
    loot = (await rows(town.store)).copy()
    assert in_the_open(loot, iter([who.secret])) == set()
    loot["outbox"][0]["body"] = b'{"text":"dauhieu"}'
    assert in_the_open(loot, iter([who.secret])) == {who.secret}
