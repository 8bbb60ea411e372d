"""What the deaths of tokens teach: how long tokens live, and when somebody else's logins kill them (S5)."""

from __future__ import annotations

from itertools import count

import pytest

from upstream.lifetime import Finding, Lifetime
from upstream.tokens import Token

_number = count()


def token(at: float = 0) -> Token:
    return Token(f"token {next(_number)}", 1, at, 15)


def die(lifetime: Lifetime, age: float, seen: float = 0) -> Finding:
    """One token that worked at the age `seen` and was refused at the age `age`."""
    one = token()
    if seen:
        lifetime.worked(one, seen, seen)
        lifetime.worked(one, seen, seen)
    return lifetime.died(one, age, age)


def test_the_same_early_death_again_and_again_is_a_shorter_life() -> None:
    lifetime = Lifetime(15)
    assert [die(lifetime, age, seen=4.9) for age in (5.3, 5.1, 5.2)] == [
        Finding.NOTHING,
        Finding.NOTHING,
        Finding.SHORTER,
    ]
    assert lifetime.life == 5.1


def test_a_death_at_the_end_of_the_life_teaches_nothing() -> None:
    lifetime = Lifetime(15)
    assert {die(lifetime, age) for age in (12.5, 13, 14, 15, 16)} == {Finding.NOTHING}
    assert lifetime.life == 15


def test_deaths_at_any_age_are_the_work_of_somebody_else() -> None:
    lifetime = Lifetime(15)
    assert die(lifetime, 7, seen=6.9) is Finding.NOTHING
    assert die(lifetime, 2, seen=1.5) is Finding.NOTHING
    assert die(lifetime, 5, seen=4) is Finding.KILLED
    assert lifetime.life == 15


def test_no_life_is_a_blink() -> None:
    lifetime = Lifetime(15)
    assert [die(lifetime, age) for age in (0.25, 0.21, 0.22)][-1] is Finding.KILLED
    assert lifetime.life == 15


def test_a_life_learnt_from_regular_foreign_logins_is_taken_back() -> None:
    lifetime = Lifetime(15)
    for _ in range(3):
        die(lifetime, 1.0, seen=0.95)
    assert lifetime.life == 1.0
    renewed = token()
    lifetime.worked(renewed, 0.75, 0.75)
    assert die(lifetime, 0.2, seen=0.1) is Finding.KILLED
    assert lifetime.life == 15
    assert {die(lifetime, 1.0, seen=0.95) for _ in range(4)} == {Finding.NOTHING}, "it is not learnt again at once"


def test_one_early_death_among_many_tokens_teaches_nothing() -> None:
    lifetime = Lifetime(15)
    for _ in range(5):
        assert die(lifetime, 3, seen=2) is Finding.NOTHING
        for _ in range(3):
            lifetime.worked(token(), 11, 11)


@pytest.mark.parametrize(("stored", "life"), [(None, 15), (4.0, 4.0), (60.0, 15)])
def test_what_another_process_learnt_is_believed_when_it_is_shorter(stored: float | None, life: float) -> None:
    lifetime = Lifetime(15)
    lifetime.believe(stored)
    assert lifetime.life == life
    assert not lifetime.one_call_each


def used_up(lifetime: Lifetime, at: float) -> None:
    one = token(at)
    lifetime.worked(one, at + 0.1, at + 0.2)
    lifetime.died(one, at + 0.3, at + 0.4)


def test_two_tokens_that_worked_once_make_a_trial_that_an_experiment_decides() -> None:
    lifetime = Lifetime(15)
    used_up(lifetime, 100)
    assert not lifetime.one_call_each
    used_up(lifetime, 101)
    assert lifetime.one_call_each
    assert not lifetime.single_use
    assert lifetime.wants_experiment(101)
    lifetime.experiment(refused=True, now=101)
    assert lifetime.one_call_each
    assert lifetime.single_use
    assert not lifetime.wants_experiment(102)
    assert lifetime.wants_experiment(104), "now and then it is tried again"
    lifetime.experiment(refused=True, now=104)
    assert not lifetime.wants_experiment(111)
    lifetime.experiment(refused=False, now=120)
    assert not lifetime.one_call_each


def test_a_trial_that_was_refuted_does_not_come_back_at_once() -> None:
    lifetime = Lifetime(15)
    used_up(lifetime, 100)
    used_up(lifetime, 101)
    assert lifetime.one_call_each
    lifetime.experiment(refused=False, now=101)
    for at in (102, 103, 104):
        used_up(lifetime, at)
        assert not lifetime.one_call_each


def test_fresh_tokens_that_another_process_used_up_make_a_trial() -> None:
    lifetime = Lifetime(15)
    for at in (100, 101):
        one = token(at)
        lifetime.died(one, at + 0.1, at + 0.2)
    assert lifetime.one_call_each


def test_slow_logins_make_no_foreign_ones() -> None:
    lifetime = Lifetime(15)
    lifetime.bought(0.4)
    deaths = [die(lifetime, age, seen) for age, seen in ((0.9, 0.85), (0.55, 0.5), (0.6, 0.5))]
    assert deaths[-1] is Finding.SHORTER


def test_a_trial_without_an_experiment_ends() -> None:
    lifetime = Lifetime(15)
    used_up(lifetime, 100)
    used_up(lifetime, 101)
    for _ in range(4):
        assert lifetime.one_call_each
        lifetime.unit_done()
    assert not lifetime.one_call_each


def test_tokens_that_died_long_after_their_only_call_make_no_trial() -> None:
    lifetime = Lifetime(15)
    for at in (100, 200):
        one = token(at)
        lifetime.worked(one, at, at + 0.1)
        lifetime.died(one, at + 5, at + 5.1)
    assert not lifetime.one_call_each


def test_what_the_settings_say_is_not_questioned() -> None:
    always, never = Lifetime(15, single_use=True), Lifetime(15, single_use=False)
    assert always.one_call_each
    assert not always.wants_experiment(1e9)
    used_up(never, 100)
    used_up(never, 101)
    assert not never.one_call_each
    never.believe(0)
    assert not never.one_call_each


def test_single_use_learnt_elsewhere_is_believed() -> None:
    lifetime = Lifetime(15)
    lifetime.believe(0)
    assert lifetime.one_call_each
    assert lifetime.life == 15


def test_the_texts_of_tokens_are_not_shown() -> None:
    lifetime = Lifetime(15)
    used_up(lifetime, 100)
    assert "token " not in repr(list(lifetime._lives))


def test_what_the_server_announces_holds_unless_less_was_learnt() -> None:
    lifetime = Lifetime(900, single_use=False)
    lifetime.announced(60)
    assert lifetime.life == 60
    lifetime.believe(30)
    lifetime.announced(60)
    assert lifetime.life == 30
    lifetime.announced(20)
    assert lifetime.life == 20
    lifetime.announced(90)
    assert lifetime.life == 90
