"""What officers are told in chat, and how long the authority has to answer the Front."""

from datetime import time

from pydantic import Field, field_validator

from app.settings_section import Section


class Officers(Section):
    """What officers who have linked an account are told."""

    morning_at: str = Field("07:00", description="local time of the morning line on working days; empty: none in chat")
    soon_hours: int = Field(24, ge=1, le=240, description="hours before its day that whoever holds a case is reminded")

    @field_validator("morning_at")
    @classmethod
    def _a_time(cls, value: str) -> str:
        if value:
            try:
                time.fromisoformat(value)
            except ValueError:
                raise ValueError('is a time such as "07:00", or empty') from None
        return value


class Front(Section):
    """What the Mặt trận asks of the People's Committee (kiến nghị giám sát)."""

    answer_days: int = Field(15, ge=1, le=90, description="days until the People's Committee answers")
