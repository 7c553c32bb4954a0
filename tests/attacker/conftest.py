"""A town for the attacker, on each engine, and what he has when sixty people have answered."""

from pathlib import Path

import pytest

from storage.store import Store
from storage.vault import Vault
from tests.attacker.attacks import Case, Guess
from tests.attacker.loot import Loot, rows
from tests.attacker.town import Person, Town, crowd, settle
from tests.stores import SampleCommune

PEOPLE = 60
_told: dict[str, "Story"] = {}


@pytest.fixture
async def town(store: Store, store_url: str, tmp_path: Path, vault: Vault, commune: SampleCommune, now: int) -> Town:
    return await settle(store, store_url, tmp_path, vault, commune, now)


class Story:
    """What the attacker has, and what he does not: who said what."""

    def __init__(self, people: dict[int, Person], case: Case, truth: Guess) -> None:
        self.people, self.case, self.truth = people, case, truth


def secrets_of(loot: Loot) -> dict[int, str]:
    """Response -> the secret that its words begin with."""
    said = [row for row in loot["answers"] if row["question"] == "gop_y"]
    return {row["response_id"]: row["value"].strip('"').partition(" ")[0] for row in said}


async def tell(town: Town, people: list[Person]) -> Story:
    """All answer one after the other, each day with its backup; then everything is released."""
    backups: dict[int, Loot] = {}
    known: dict[int, Person] = {}
    for person in people:
        await town.answers(person)
        account = await town.account_of(person)
        known[account] = person
        backups[account] = await rows(town.store)
    assert await town.release() == len(people)
    loot = await rows(town.store)
    said = {secret: response for response, secret in secrets_of(loot).items()}
    truth = {account: said[person.secret] for account, person in known.items()}
    groups = [
        (
            [account for account, person in known.items() if (person.channel, person.village) == place],
            [
                row["id"]
                for row in loot["responses"]
                if (row["channel"], row["village_id"]) == (place[0], town.commune.villages[place[1] - 1])
            ],
        )
        for place in sorted({(person.channel, person.village) for person in people})
    ]
    return Story(known, Case(loot, backups, groups), truth)


@pytest.fixture
async def story(request: pytest.FixtureRequest, town: Town) -> Story:
    """Told once for each engine in a process of tests; nobody changes it."""
    engine = request.node.callspec.params["store_url"]
    if engine not in _told:
        _told[engine] = await tell(town, crowd(PEOPLE, seed=3))
    return _told[engine]
