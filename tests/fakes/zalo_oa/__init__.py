"""A strict fake of a Zalo Official Account: `from tests.fakes.zalo_oa import FakeZaloOa`."""

from tests.fakes.zalo_oa.fake import FakeZaloOa
from tests.fakes.zalo_oa.people import Person, Seen
from tests.fakes.zalo_oa.server import FaultKind

__all__ = ["FakeZaloOa", "FaultKind", "Person", "Seen"]
