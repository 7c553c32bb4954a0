"""What officers have put down about cases (storage/topics.py) goes where the case itself is closed or emptied."""

from collections.abc import Sequence

from sqlalchemy import Select, delete

from storage.tables import topic_tags
from storage.tx import Tx


def forget(tx: Tx, these: Sequence[int] | Select[tuple[int]]) -> None:
    """Cases (ids) are confidential, expired or their citizen's wish: nothing of them is counted or quoted any more."""
    tx.execute(delete(topic_tags).where(topic_tags.c.thing == "case", topic_tags.c.thing_id.in_(these)))
