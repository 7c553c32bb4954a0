"""Cases of a commune over some months, each through the real turn and the real acts, for pages that count them."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select, update

from feedback.acts import Act, Decision, Forward, Open, Reply
from feedback.codes import make_code
from feedback.confidential import MarkDenunciation
from feedback.kinds import Kind
from feedback.roles import OFFICER, Actor, Role
from storage import confidential
from storage.tables import cases, officers
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import House, look, outside
from tests.web.twins import opens
from vietnam.time import HOUR, start_of


@dataclass
class Told:
    """Opens and answers cases on days that a test names; the clock of the house goes along."""

    house: House
    made: list[str] = field(default_factory=list)

    def case(
        self,
        opened: date,
        *,
        kind: Kind = Kind.FEEDBACK,
        category: str = "roads",
        village: int = 0,
        answered: date | None = None,
        text: str = "Đường vào thôn sạt lở",
        point: tuple[float, float] | None = None,
    ) -> str:
        """A case opened at nine in the morning of a day, and answered at ten of another; its code."""
        number = len(self.made)
        code = make_code("M", opened.year, opened.toordinal() * 100 + number)
        self.made.append(code)
        self.house.at = start_of(opened) + 9 * HOUR
        place = self.house.commune.villages[village - 1] if village else None
        opens(
            self.house,
            f"7{number:03d}",
            Open(code=code, kind=kind, category=category, text=text, village=place, point=point),
        )
        if answered is not None:
            self.act(code, Reply("Xã đã xử lý xong."), answered)
        return code

    def act(self, code: str, act: Act, day: date, role: Role = Role.LEADER) -> None:
        """What an officer does with a case at ten in the morning of a day."""
        self.house.at = start_of(day) + 10 * HOUR
        unit = self.house.commune.commune
        actor = Actor(kind=OFFICER, unit=unit, id=self.house.commune.officer, role=role)
        assert isinstance(run_apart(self.house.runtime.act(self.id(code), act, actor)), Decision)

    def mark(self, code: str, day: date) -> None:
        """Somebody at the desk sees that it is a denunciation: from then on only one named person may see it."""
        commune = self.house.commune
        leader = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)

        def named(tx: Tx) -> None:
            mine = (officers.c.unit_id == commune.commune) & (officers.c.login == "lanhdao")
            keeper = tx.execute(select(officers.c.id).where(mine)).scalar_one()
            confidential.name_keeper(tx, leader, keeper, self.house.at)

        outside(self.house, named)
        self.act(code, MarkDenunciation(), day)

    def forward(self, code: str, day: date) -> None:
        """Another authority is to answer it."""
        self.act(code, Forward("UBND tỉnh"), day)

    def id(self, code: str) -> int:
        """Its id in the store."""
        wanted = select(cases.c.id).where(cases.c.code == code)
        return look(self.house, lambda conn: int(conn.execute(wanted).scalar_one()))

    def change(self, code: str, **values: object) -> None:
        """Something about it that no act of this test is about."""
        outside(self.house, lambda tx: tx.execute(update(cases).where(cases.c.code == code).values(**values)))
