"""Token buckets in memory: a browser that floods is slowed down, a commune hall behind one address is not."""

from dataclasses import dataclass, field

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then one each `every` milliseconds."""

    burst: int
    every: int


@dataclass(slots=True)
class Limit:
    """One bucket for each key; the fullest are forgotten when there are too many."""

    rate: Rate
    _buckets: dict[str, tuple[float, int]] = field(default_factory=dict)

    def allows(self, key: str, now: int) -> bool:
        """Take a token of the key's bucket; False where none is left. `now` in milliseconds."""
        tokens = self._left(key, now)
        if len(self._buckets) > _MOST:
            self._forget(now)
        if tokens < 1:
            self._buckets[key] = (tokens, now)
            return False
        self._buckets[key] = (tokens - 1, now)
        return True

    def would_allow(self, key: str, now: int) -> bool:
        """Whether `allows` would, taking nothing: for what counts only once it has turned out wrong."""
        return self._left(key, now) >= 1

    def _left(self, key: str, now: int) -> float:
        tokens, then = self._buckets.get(key, (float(self.rate.burst), now))
        return min(float(self.rate.burst), tokens + max(0, now - then) / self.rate.every)

    def _forget(self, now: int) -> None:
        full = self.rate.burst * self.rate.every
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if now - bucket[1] < full}
        # Room for some more at once: looking through all of them for each new one is what a flood would like.
        while len(self._buckets) > _MOST * 3 // 4:
            self._buckets.pop(next(iter(self._buckets)))


@dataclass(frozen=True, slots=True)
class Limits:
    """What is counted. An address may be a whole hall, or a mobile operator: its bucket is wide."""

    session: Limit = field(default_factory=lambda: Limit(Rate(30, 700)))
    address: Limit = field(default_factory=lambda: Limit(Rate(400, 50)))
    photos: Limit = field(default_factory=lambda: Limit(Rate(6, 10_000)))
    newcomers: Limit = field(default_factory=lambda: Limit(Rate(200, 500)))
    codes: Limit = field(default_factory=lambda: Limit(Rate(60, 2_000)))
    letters: Limit = field(default_factory=lambda: Limit(Rate(12, 5_000)))
    digits: Limit = field(default_factory=lambda: Limit(Rate(5, 600_000)))
    """Wrong tries at the digits of one case from one address; those from anywhere are counted in the store."""
    thread_photos: Limit = field(default_factory=lambda: Limit(Rate(15, 10_000)))
    """Pictures for one case; from one address, and from everywhere, in the next two: some only wait in a form."""
    photos_of_an_address: Limit = field(default_factory=lambda: Limit(Rate(60, 10_000)))
    thread_photos_of_all: Limit = field(default_factory=lambda: Limit(Rate(300, 10_000)))
    logins: Limit = field(default_factory=lambda: Limit(Rate(20, 3_000)))
    posts: Limit = field(default_factory=lambda: Limit(Rate(300, 500)))
    """Forms that one officer sends."""
    files: Limit = field(default_factory=lambda: Limit(Rate(60, 2_000)))
    """Papers and registers that one officer has made."""
