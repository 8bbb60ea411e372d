"""How accounts are named and their secrets carried."""

from __future__ import annotations

import time

import pytest

from upstream.auth import ManagerLogin, account_digest, carried
from upstream.errors import NotConfigured

ADDRESS = "https://unica.example.com/sub"


@pytest.fixture
def quick_names() -> None:
    """Names as slow as they are."""


def test_the_same_account_has_the_same_name_however_its_address_is_written() -> None:
    name = account_digest("unica", ADDRESS, "service", "pass")
    assert account_digest("unica", "HTTPS://Unica.Example.com/sub/", "service", "pass") == name


@pytest.mark.parametrize(
    "other",
    [
        ("collaborate", ADDRESS, "service", "pass"),
        ("unica", "https://unica.example.com", "service", "pass"),
        ("unica", "http://unica.example.com/sub", "service", "pass"),
        ("unica", ADDRESS, "Service", "pass"),
        ("unica", ADDRESS, "service", "Pass"),
    ],
)
def test_whatever_differs_is_another_account(other: tuple[str, str, str, str]) -> None:
    assert account_digest(*other) != account_digest("unica", ADDRESS, "service", "pass")


def test_the_name_is_slow_to_guess_a_password_from() -> None:
    def seconds(secret: str) -> float:
        started = time.perf_counter()
        account_digest("unica", ADDRESS, "service", secret)
        return time.perf_counter() - started

    assert min(seconds("pass") for _ in range(3)) > 100 * min(seconds("") for _ in range(3))


@pytest.mark.parametrize(
    ("value", "wire"), [("plain", b"plain"), ("Zoë", b"Zo\xeb"), ("Żółć", "Żółć".encode()), ("a b", b"a b"), ("", b"")]
)
def test_values_travel_in_headers(value: str, wire: bytes) -> None:
    assert carried(value, "PASSWORD") == wire


@pytest.mark.parametrize("value", ["line\nbreak", "line\r\nx: y", "end\n", " hush", "nul\0", "delete\x7f"])
def test_what_no_header_can_carry_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(NotConfigured, match="PASSWORD") as caught:
        carried(value, "PASSWORD")
    assert value not in str(caught.value)


def test_login_and_logout_differ_in_their_last_step_only() -> None:
    login = ManagerLogin("service", "hush", trailing_slash=False)
    assert login.login().path == "/unica/api/manager/authentication/login"
    assert login.logout("t").path == "/unica/api/manager/authentication/logout"
    assert login.logout("t").headers == login.call_headers("t")
    assert "hush" not in repr(login) + repr(login.login())
