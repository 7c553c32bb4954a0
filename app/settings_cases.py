"""What becomes of cases by themselves: promises, signing, hot spots, where else people go, how long words are kept."""

from pydantic import Field, field_validator

from app.settings_section import Section
from feedback.kinds import CATEGORIES, Kind
from feedback.replies import unknown_names


class Cases(Section):
    """What becomes of cases by themselves."""

    report_hours: int = Field(24, ge=1, le=2000, description="working hours until a phản ánh is answered")
    petition_days: int = Field(10, ge=1, le=250, description="working days until a kiến nghị or request is answered")
    apology_hours: int = Field(4, ge=0, le=80, description="working hours before a broken promise is apologised for")
    extensions: int = Field(2, ge=0, le=20, description="how often such a promise may be renewed")
    close_after_days: int = Field(10, ge=1, le=365, description="days without a word until an answered case is closed")
    return_days: int = Field(3, ge=1, le=60, description="days until a case that nobody took goes back to reception")
    escalate_days: int = Field(5, ge=1, le=60, description="days late until the leaders are told a second time")
    outcome_days: int = Field(15, ge=0, le=365, description="days until the outcome elsewhere is asked for; 0: never")
    hot_people: int = Field(5, ge=2, le=1000, description="people with one matter in one place that make a hot spot")
    hot_field_people: int = Field(10, ge=2, le=1000, description="people with one field in the commune that make one")
    hot_days: int = Field(14, ge=1, le=365, description="days within which they write")
    hot_metres: int = Field(200, ge=10, le=5000, description="metres around a point that count as one place")
    hot_long_days: int = Field(30, ge=1, le=365, description="days open that make a single case a hot spot")
    sign_off: tuple[str, ...] = Field(
        ("petition", "conduct"), description="kinds and fields of cases whose answers a leader signs before they go"
    )

    @field_validator("sign_off")
    @classmethod
    def _kinds_and_fields(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := unknown_names(value):
            known = ", ".join(dict.fromkeys([*Kind, *CATEGORIES]))
            raise ValueError(f"{unknown[0]!r} is neither a kind nor a field of cases ({known})")
        return value


class PetitionsSettings(Section):
    """Where citizens are sent with a khiếu nại, a tố cáo or a crime: none of these is taken by chat."""

    reception: str = Field("", max_length=120, description="when, and where, the commune receives citizens")
    police_phone: str = Field("", max_length=40, description="telephone of the commune's police")
    inspectorate_address: str = Field("", max_length=120, description="address of the province's Thanh tra")
    inspectorate_phone: str = Field("", max_length=40, description="its telephone")
    province_address: str = Field("", max_length=120, description="where the province's UBND receives citizens")
    province_phone: str = Field("", max_length=40, description="its telephone")


class Retention(Section):
    """Months after a case was closed until what was said in it is taken out; 0: never by itself.

    The law gives no number for what comes by chat: it wants data gone when their purpose is done (Luật 91/2025/QH15,
    Điều 14). What a leader signs is kept as long as other papers of that kind; the rest for two years, so that a year
    can be compared with the one before.
    """

    feedback_months: int = Field(24, ge=0, le=1200, description="phản ánh")
    petition_months: int = Field(60, ge=0, le=1200, description="kiến nghị")
    dialogue_months: int = Field(24, ge=0, le=1200, description="requests for a talk with a leader")
    suggestion_months: int = Field(24, ge=0, le=1200, description="góp ý")
    praise_months: int = Field(24, ge=0, le=1200, description="khen")
    conduct_months: int = Field(60, ge=0, le=1200, description="thái độ cán bộ")
    business_months: int = Field(60, ge=0, le=1200, description="from businesses")
    bookings_months: int = Field(24, ge=0, le=1200, description="who booked a session, and what they asked there")
    chat_months: int = Field(24, ge=0, le=1200, description="words of the web chat, unsent drafts, officers' notices")

    def months(self) -> dict[Kind, int]:
        """Kind -> months."""
        return {kind: getattr(self, f"{kind}_months") for kind in Kind}

    def by_name(self) -> dict[str, int]:
        """Kind of a case, "bookings" or "chat" -> months."""
        return {name: getattr(self, f"{name}_months") for name in (*map(str, Kind), "bookings", "chat")}
