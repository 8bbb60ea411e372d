"""Where the data lives, and that it is always the same."""

from __future__ import annotations


def test_two_sandboxes_answer_the_same_bytes(start):
    one, other = start(), start()
    for path in (
        "/v1/campaigns",
        "/v1/offerlist",
        "/v1/attributes",
        "/v1/targetcells?campaignid=2001",
        "/v2/offers/search",
    ):
        assert one.send("GET", path).content == other.send("GET", path).content


def test_the_same_writes_lead_to_the_same_answers(start):
    def story(site):
        new = site.new_offer("Told")
        site.form("POST", "/v1/targetcells", campaignid=2001, targetcell={"name": "Told"})
        return [site.offer(new), site.cells(2001), site.get("/v1/campaigns/code").json()]

    assert story(start()) == story(start())


def test_a_file_keeps_its_data_and_reset_brings_back_the_seed(start, tmp_path):
    file = str(tmp_path / "sandbox.sqlite")
    first = start(database=file)
    first.form("POST", "/v1/offers/retire", offerids=[5001])
    first.close()
    second = start(database=file)
    assert second.offer(5001)["retired"] is True
    second.http.post("/sandbox/reset")
    second.headers = None
    assert second.offer(5001)["retired"] is False


def test_scale_multiplies_the_data(start):
    site = start(scale=2)
    assert len(site.get("/v2/offers/search").json()) == 600
    site.http.post("/sandbox/reset")
    site.headers = None
    assert len(site.get("/v2/offers/search").json()) == 600
