"""The page for people."""

import re

import pytest
import requests

from callframe.sandbox.masks import masked

from .client import FULL, GOOD, NOW, Client, calls, running


def test_the_page_before_anything_has_arrived():
    with running() as (box, _):
        page = requests.get(box.url, timeout=10)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Nothing has been uploaded yet" in page.text
    assert f"{box.base_url}/management/v1/counter/123456/offline_conversions/upload_calls" in page.text
    assert "OAuth sandbox" in page.text


def test_the_page_names_the_counter_that_was_used_last():
    with running() as (box, client):
        Client(box, counter=2215573).upload()
        assert "counter/2215573/offline_conversions/upload_calls" in requests.get(box.url, timeout=10).text
        client.upload()
        assert "counter/123456/offline_conversions/upload_calls" in requests.get(box.url, timeout=10).text


def test_the_page_shows_the_time_of_a_call_as_people_write_it_too():
    odd = f",17,,{'9' * 9},1,,,{NOW}"
    with running() as (box, client):
        number = client.upload(calls(GOOD, odd, f"{GOOD},5")).json()["uploading"]["id"]
        for show in ("", "?show=all"):
            page = requests.get(f"{box.url}uploads/{number}{show}", timeout=10).text
            assert f"<td>{NOW - 60}<small>2026-09-21 14:12:20 UTC</small></td>" in page
            assert page.count("UTC</small>") == 1


def test_the_page_never_shows_a_token_of_ones_own():
    with running(token="my-own-word") as (box, _):
        page = requests.get(box.url, timeout=10).text
        assert "my-own-word" not in page + repr(box)
        assert "$METRICA_TOKEN" in page
        assert Client(box, token="my-own-word").upload().ok


def test_the_page_needs_nothing_from_elsewhere():
    with running() as (box, client):
        number = client.upload().json()["uploading"]["id"]
        for path in ("", f"uploads/{number}"):
            page = requests.get(box.url + path, timeout=10)
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
            assert not re.search(r'(src|href)="(?!/|\?|data:)', page.text)
            assert "<script" not in page.text
            assert 'http-equiv="refresh"' in page.text, "the status still moves"
            box.clock.advance(60)
            assert 'http-equiv="refresh"' not in requests.get(box.url + path, timeout=10).text
            box.clock.advance(-60)


def test_the_page_escapes_and_masks():
    evil = "<script>alert(1)</script>"
    row = f'"{evil}",1654321098765432100,,{NOW - 9},0,1,RUB,+79123456789,5,5,0,"{evil} 8 (495) 123-45-67",1,'
    row += '"https://shop.example/?p=79123456789",https://tracker.example/79123456789'
    shifted = "," + row
    with running() as (box, client):
        number = client.upload(calls(row, shifted, head=FULL), new_goal_name=evil).json()["uploading"]["id"]
        overview = requests.get(box.url, timeout=10).text
        page = requests.get(f"{box.url}uploads/{number}", timeout=10).text
        plain = requests.get(f"{box.url}uploads/{number}?show=all", timeout=10).text
    for text in (overview, page, plain):
        assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in overview
    assert "+7912•••••89" in page
    for secret in ("79123456789", "1654321098765432100", "123-45-67"):
        assert secret not in page + overview
        assert secret in plain
    assert "not as many cells as column names" in page


def test_the_page_shows_the_first_rows_and_says_how_many_more():
    with running() as (box, client):
        number = client.upload(calls(*[GOOD] * 60)).json()["uploading"]["id"]
        page = requests.get(f"{box.url}uploads/{number}", timeout=10).text
    assert page.count('<tr class="taken">') == 50
    assert "10 more are not shown" in page


@pytest.mark.parametrize(
    ("column", "text", "shown"),
    [
        ("PhoneNumber", "+79123456789", "+7912•••••89"),
        ("PhoneNumber", "911", "••1"),
        ("PhoneNumber", "", ""),
        ("UserId", "visitor-17", "vi••••••17"),
        ("ClientId", "1654321098765432100", "165••••••••••••••00"),
        ("Yclid", "7", "•"),
        ("", "visitor-17", "vi••••••17"),
        ("DateTime", str(NOW), str(NOW)),
        ("DateTime", "79123456789", "7912•••••89"),
        ("Price", "1500.50", "1500.50"),
        ("URL", "https://shop.example/thanks?phone=79123456789", "https://shop.example/…"),
        ("URL", "https://shop.example", "https://shop.example"),
        ("CallTrackerURL", "tracker/79123456789", "tracker/…"),
        ("Tag", "цена, заказ 123456", "цена, заказ 123456"),
    ],
)
def test_what_a_page_shows_of_a_cell(column, text, shown):
    assert masked(column, text) == shown
