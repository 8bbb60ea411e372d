"""The demo data of Actito: who is in it, that it is the same every time, how it grows and when it is made."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path

import httpx
import pytest

import sandbox
from sandbox.bank import actito_hostile
from sandbox.bank.actito_tables import load, rows


@pytest.fixture(scope="module")
def data():
    return rows()


def test_the_same_rows_every_time(data):
    assert rows() == data


def test_five_thousand_people_in_two_brands_at_example_domains(data):
    people = data["actito_profiles"]
    assert Counter(person.table_id for person in people) == {16: 3400, 17: 300, 18: 100, 21: 1200}
    assert [person.id for person in people] == list(range(100_001, 105_001))
    for person in people:
        address = json.loads(person.attributes)["emailAddress"]
        assert re.fullmatch(r"[a-z0-9.+]+@example\.(com|org|net)", address)


def test_it_grows_to_fifty_thousand_and_not_further(data):
    big = rows(11)
    assert len(big["actito_profiles"]) == 50_000
    assert big["actito_profiles"][:5000] == data["actito_profiles"]
    assert len(big["actito_records"]) == 40 + 20_000
    keys = [(key.table_id, key.attribute, key.value) for key in big["actito_profile_keys"]]
    assert len(set(keys)) == len(keys)


def test_there_is_something_of_everything(data):
    assert {row[3] for row in data["actito_etl_executions"]} == {"SUCCESS", "WITH_ERROR", "FAILED"}
    assert len(data["actito_campaigns"]) == 15
    assert {campaign.state for campaign in data["actito_campaigns"]} == {"DRAFT", "SCHEDULED", "RUNNING", "DONE"}
    wanted = Counter(name for person in data["actito_profiles"] for name in json.loads(person.subscriptions))
    assert min(wanted[name] for name in ("Newsletter", "Promotions", "BranchEvents", "ProductNews")) > 500
    levels = Counter(json.loads(person.segmentations).get("LoyaltyLevel") for person in data["actito_profiles"])
    assert min(levels[name] for name in ("Bronze", "Silver", "Gold", "Platinum")) > 500


def test_hostile_texts_are_in_it(data):
    text = json.dumps([list(map(list, table)) for table in data.values()], ensure_ascii=False)
    for name in ("LAST_NAME", "CAMPAIGN_LABEL", "SUBJECT", "MERCHANT", "SCENARIO_LABEL", "ANSWER"):
        hostile = getattr(actito_hostile, name)
        forms = {json.dumps(hostile, ensure_ascii=False)[1:-1]}
        forms.add(json.dumps(json.dumps(hostile, ensure_ascii=False), ensure_ascii=False)[3:-3])
        assert any(form in text for form in forms), name


def test_every_foreign_key_leads_somewhere(tmp_path):
    connection = sqlite3.connect(":memory:")
    schema = Path(sandbox.__file__).parent / "actito" / "schema.sql"
    connection.executescript(schema.read_text(encoding="utf-8"))
    load(connection)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    orphans = """SELECT count(*) FROM actito_records r WHERE json_extract(attributes, '$.customerId') IS NOT NULL
        AND json_extract(attributes, '$.customerId') NOT IN (SELECT id FROM actito_profiles WHERE table_id = 16)"""
    assert connection.execute(orphans).fetchone() == (0,)
    connection.close()


def test_it_is_made_by_the_first_request_and_kept_in_a_file(start, tmp_path):
    file = tmp_path / "bank.db"

    def tables():
        connection = sqlite3.connect(file)
        try:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        finally:
            connection.close()

    path = "/v4/entity/MeridianBank/table/Customers/profile/100001"
    with sandbox.start(database=str(file), switches={"authentication": False}) as site:
        httpx.get(f"{site.url}/sandbox/settings", timeout=120).raise_for_status()
        assert "actito_profiles" not in tables()
        assert httpx.delete(f"{site.url}/actito{path}", timeout=120).status_code == 200
        assert "actito_profiles" in tables()
    with sandbox.start(database=str(file), switches={"authentication": False}) as site:
        assert httpx.get(f"{site.url}/actito{path}", timeout=120).status_code == 404
        httpx.post(f"{site.url}/sandbox/reset", timeout=120).raise_for_status()
        assert httpx.get(f"{site.url}/actito{path}", timeout=120).status_code == 200
