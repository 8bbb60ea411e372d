"""What the fate of past tokens tells about the next: how long they live, whether they serve one call only, and whether
somebody else's logins kill them.

A refused token proves little by itself: it may have lived its life, been used up, or been killed by a login elsewhere.
Three of the last four that died early, and the ages up to which they were seen alive, tell these apart. The server's
`createDate` is of no use here: its time zone is ambiguous.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from upstream.tokens import Token

MARGIN = 0.2
"""The last part of its life in which a token is not used for a new call."""

REMEMBERED = 4
TELLING = 3
TOLERANCE = 0.1
SHORTEST = 0.3
"""No server has a life this short (Platform counts in whole seconds): a token that dies younger was killed."""

AT_ONCE = 0.5
TRIAL_CALLS = 4
QUIET = 60.0
FIRST_RECHECK = 2.0
LAST_RECHECK = 600.0


class Finding(Enum):
    """What the death of a token taught."""

    NOTHING = "nothing new"
    SHORTER = "tokens live shorter than assumed"
    KILLED = "somebody else's logins kill our tokens"


@dataclass(slots=True)
class _Life:
    """One token: how often it worked, when last (seconds since 1970), up to which age, and at which it died early."""

    value: str = field(repr=False)
    uses: int = 0
    worked_at: float = 0
    alive_at_age: float = 0
    dead_at_age: float = 0
    refused_at_once: bool = False


class Lifetime:
    """What is known about the tokens of one account. `assumed` is the life in the settings, in seconds."""

    def __init__(self, assumed: float, single_use: bool | None = None) -> None:
        self.assumed = assumed
        self.life = assumed
        self._single_use = single_use
        self._lives: deque[_Life] = deque(maxlen=REMEMBERED)
        self._fixed = single_use is not None
        self._slack: deque[float] = deque([0.0], maxlen=REMEMBERED)
        self._trial_calls = 0
        self._no_trial_until = 0.0
        self._recheck_at = 0.0
        self._recheck_after = FIRST_RECHECK
        self._no_learning_until = 0.0

    # how long

    def believe(self, stored: float | None) -> None:
        """Take over what another process learnt: a shorter life, or 0 for tokens that serve one call only."""
        if stored is None:
            return
        if stored == 0:
            self._single_use = self._single_use if self._fixed else True
            return
        if not self._fixed:
            self._single_use = None
        self.life = min(self.assumed, stored)

    def announced(self, seconds: float) -> None:
        """The server said how long a new token lives; what was learnt wins when it is shorter."""
        self.life = min(self.life, seconds) if self.life < self.assumed else seconds
        self.assumed = seconds

    def bought(self, slack: float) -> None:
        """A login took so long that a token may be younger, by `slack` seconds, than its `issued_at` says."""
        self._slack.append(slack)

    def worked(self, token: Token, sent_at: float, now: float) -> None:
        """A call that left at `sent_at` was accepted with this token."""
        life = self._of(token)
        life.uses += 1
        life.worked_at = now
        life.alive_at_age = max(life.alive_at_age, sent_at - token.issued_at)

    def died(self, token: Token, sent_at: float, now: float) -> Finding:
        """A call with this token was refused; the caller leaves out tokens that our own next login has killed."""
        life = self._of(token)
        age = now - token.issued_at
        if life.dead_at_age or age >= self.life * (1 - MARGIN):
            return Finding.NOTHING
        life.dead_at_age = age
        life.refused_at_once = sent_at - (life.worked_at or token.issued_at) < AT_ONCE and now >= self._no_trial_until
        early = [each.dead_at_age for each in self._lives if each.dead_at_age]
        if len(early) < TELLING:
            return Finding.NOTHING
        oldest_seen = max(each.alive_at_age for each in self._lives) - max(self._slack)
        if min(early) < SHORTEST or min(early) < oldest_seen * (1 - TOLERANCE):
            self._lives.clear()
            self.life = self.assumed
            self._no_learning_until = now + QUIET
            return Finding.KILLED
        if now < self._no_learning_until:
            return Finding.NOTHING
        self.life = min(early)
        return Finding.SHORTER

    def _of(self, token: Token) -> _Life:
        for life in self._lives:
            if life.value == token.value:
                return life
        self._lives.append(_Life(token.value))
        return self._lives[-1]

    # how often

    @property
    def one_call_each(self) -> bool:
        """Whether login and call must be one unit now: known, or under trial because the last tokens look like it."""
        if self._single_use is not None:
            return self._single_use
        if self._trial_calls == 0 and self._looks_used_up():
            self._trial_calls = TRIAL_CALLS
            self._lives.clear()
        return self._trial_calls > 0

    def try_units(self, now: float) -> None:
        """A call was refused again and again: whatever kills its tokens has least time if each serves one call."""
        if self._single_use is None and now >= self._no_trial_until:
            self._trial_calls = TRIAL_CALLS
            self._lives.clear()

    @property
    def single_use(self) -> bool:
        """Whether tokens are known to serve one call only."""
        return bool(self._single_use)

    def unit_done(self) -> None:
        """One login with its call is over. A trial that nothing could decide ends after a few of them."""
        self._trial_calls = max(0, self._trial_calls - 1)

    def wants_experiment(self, now: float) -> bool:
        """Whether a second use of a token should find out what holds; not when the settings say it."""
        return not self._fixed and now >= self._recheck_at

    def experiment(self, refused: bool, now: float) -> None:
        """The second use of a token was refused, or worked."""
        self._single_use = True if refused else None
        self._trial_calls = 0
        self._lives.clear()
        if refused:
            self._recheck_at = now + self._recheck_after
            self._recheck_after = min(LAST_RECHECK, self._recheck_after * 4)
        else:
            self._recheck_at, self._recheck_after = 0.0, FIRST_RECHECK
            self._no_trial_until = now + QUIET

    def _looks_used_up(self) -> bool:
        """Two tokens in a row that were refused at once after one call, or after none: another process had it."""
        last = list(self._lives)[-2:]
        return len(last) == 2 and all(life.uses <= 1 and life.refused_at_once for life in last)
