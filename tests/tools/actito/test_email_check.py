"""The check of a draft: notes about what recipients and mail programs will mind, never an obstacle."""

from __future__ import annotations

from typing import Any

import pytest

from tools.actito.email_check import check
from tools.actito.email_files import Body, Image, body_of
from tools.uploads import Limits

pytestmark = pytest.mark.anyio

GOOD = """<!doctype html><html lang="en"><head><title>News</title></head><body id="top">
<a href="${unsubscribeLink}">Unsubscribe</a>
<a href="https://example.org/">Shop</a> <a href="${link}">More</a> <a href="${host}/x">M</a> <a href="#${part}">P</a>
<a href="#top">Up</a>
<a name="place"></a><a href="#place">Down</a> <a href="mailto:a@example.org">Mail</a> <a href="tel:+32">Call</a>
<img src="https://example.org/a.png" alt=""></body></html>"""


def notes(html: str, *, subject: bool = True, marketing: bool = True) -> str:
    return "\n".join(check(body_of(html, {}, Limits()), subject=subject, marketing=marketing))


def test_a_draft_that_is_right_has_no_notes() -> None:
    assert notes(GOOD) == ""


def test_html_that_gmail_cuts_off_and_contents_that_are_too_large_are_told() -> None:
    assert "105 KB, and Gmail cuts messages off" in notes(GOOD + "é" * 52_500)
    body = body_of(GOOD, {}, Limits())
    heavy = Image("hero.png", b"x" * 5_000_000, "")
    (sizes, images) = check(Body(body.html, body.page, [heavy]), subject=True, marketing=True)
    assert "4.8 MB, and Actito's own import takes 4 MB" in sizes and "more than 200 KB: hero.png" in images


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://x.org/u">Unsubscribe</a>',
        '<a href="https://x.org/unsubscribe?id=1">here</a>',
        '<a href="${optOut}">here</a>',
        '<a href="https://x.org" title="Opt-out">here</a>',
        '<a href="https://x.org">Se <b>désabonner</b></a>',
        '<a href="https://x.org">Se désinscrire</a>',
        '<a href="https://x.org">Newsletter abbestellen</a>',
        '<a href="https://x.org">Jetzt abmelden</a>',
        '<a href="https://x.org">Uitschrijven</a>',
        '<a href="https://x.org">Darse de baja</a>',
        '<a href="https://x.org">Cancella iscrizione</a>',
        '<a href="https://x.org">Manage preferences</a>',
    ],
)
def test_a_link_to_unsubscribe_is_known_by_its_words_or_its_address(link: str) -> None:
    assert "unsubscribing" not in notes(f"<p>{link}</p>")


def test_a_page_without_a_link_to_unsubscribe_is_told_unless_it_is_no_marketing() -> None:
    plain = '<p>unsubscribe <a href="https://x.org">Shop</a></p>'
    assert "no link speaks of unsubscribing.\n" in notes(plain)
    assert "unsubscribing" not in notes(plain, marketing=False)
    assert "one with a placeholder may be it" in notes('<a href="${l1}">here</a>')


def test_links_are_counted_and_some_are_named() -> None:
    said = notes(
        """<a href="">Read more</a><a href="#">Buy</a><a href="javascript:void(0)">x</a><a>plain</a>
        <a href="#none">n</a><a href="http://">h</a><a href="www.example.org">w</a><a href="/page">p</a><a href="http://example.org/a">i</a>"""
    )
    assert "6 links lead nowhere: 'Read more', 'Buy' (#), 'x' (javascript:void(0)) and 3 more" in said
    assert "2 links have no https://, which Actito refuses: www.example.org, /page" in said
    assert "2 links are not encrypted: http://, http://example.org/a" in said


def test_images_without_text_and_parts_that_are_left_out_are_told() -> None:
    said = notes(
        """<img src="https://x.org/a.png"><img src="http://x.org/b.png" alt="B"><img src="https://x.org/c.png" alt>
        <form><input></form><form></form><video></video><script>x</script><p onclick="x">"""
    )
    assert "1 image has no alt text, which shows where images are blocked: https://x.org/a.png" in said
    assert "1 image is not encrypted: http://x.org/b.png" in said
    assert "leave out <form> (2), <video> (1), <script> (1), event handlers such as onclick (1)" in said


def test_what_the_head_has_not_and_placeholders_of_other_systems_are_told() -> None:
    assert "it has no subject, no <title>, no language (<html lang>)." in notes("<p>x</p>", subject=False)
    assert "it has no <title>." in notes("<html lang=en><head><title> </title></head><p>x</p>")
    said = notes("<p>{{firstName}} {{#each x}} *|FNAME|* %%name%% {% if x %} ${right} 50%% off %%</p>")
    assert (
        "{{firstName}}, {{#each x}}, {% if x %} and 2 more look like placeholders" in said or "and 2 more look" in said
    )
    assert "placeholders" not in notes("<p>50% off, 100%%, ${firstName}, a[0][1]</p>")


async def test_the_check_is_in_the_answer_and_no_obstacle(assistant: Any) -> None:
    new = {"label": "Winter", "sender": "Meridian Bank", "languages": ["EN"], "table": "Customers"}
    async with assistant(ACTITO__ENTITY="MeridianBank") as ask:
        done = await ask("actito_emails_save", **new, html="<p><a href='#'>Read</a></p>" + "x" * 101_000)
        assert done.result["status"] == "done" and not ask.questions
        for said in ("Gmail cuts", "no link speaks of unsubscribing", "'Read' (#)", "no subject", "choose the target"):
            assert said in done.text, said
        assert len(done.text.encode()) < 4096
        plain = await ask("actito_emails_save", email="Winter", sender="Bank")
        assert "Check:" not in plain.text
        titled = await ask("actito_emails_save", email="Winter", html="<p>New</p>", subject="News", dry_run=True)
        assert "no <title>, no language" in titled.text and "no subject" not in titled.text
        transactional = await ask("actito_emails_save", email="211", html="<p>New</p>", dry_run=True)
        assert "unsubscribing" not in transactional.text and "no <title>" in transactional.text
