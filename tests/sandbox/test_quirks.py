"""How the list of uploads behaves where the documents are silent, and how faults are written."""

import pytest

from callframe.errors import OptionError
from callframe.sandbox import Clock

from .client import NOW, running


def test_the_list_lags():
    clock = Clock(NOW)
    with running(clock=clock, faults=["list-lag:30"]) as (box, client):
        number = client.upload().json()["uploading"]["id"]
        assert client.list().json() == {"uploadings": []}
        assert client.status(number).ok, "only the list lags"
        clock.advance(29)
        assert client.list().json() == {"uploadings": []}
        clock.advance(1)
        assert len(client.list().json()["uploadings"]) == 1
        client.upload()
        box.clear_faults()
        assert len(client.list().json()["uploadings"]) == 2


@pytest.mark.parametrize(
    ("quirk", "query", "expected"),
    [
        ("reverse-order", {}, [0, 1, 2, 3, 4]),
        ("same-page", {"limit": 2, "offset": 4}, [4, 3]),
        ("page-limit:3", {"limit": 10000}, [4, 3, 2]),
        ("page-limit:3", {"offset": 3}, [1, 0]),
        ("first-offset:1", {"offset": 1, "limit": 2}, [4, 3]),
        ("first-offset", {"offset": 0, "limit": 2}, [4, 3]),
    ],
)
def test_quirks_of_the_list(quirk, query, expected):
    with running(faults=[quirk]) as (_, client):
        numbers = [client.upload().json()["uploading"]["id"] for _ in range(5)]
        listed = [uploading["id"] for uploading in client.list(**query).json()["uploadings"]]
    assert [numbers.index(number) for number in listed] == expected


def test_a_list_in_no_order_is_whole():
    with running(faults=["shuffled-order"]) as (_, client):
        numbers = [client.upload().json()["uploading"]["id"] for _ in range(9)]
        listed = [uploading["id"] for uploading in client.list().json()["uploadings"]]
    assert sorted(listed) == numbers
    assert listed not in (numbers, numbers[::-1])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("lost-anser", "'lost-anser' is not a fault. Did you mean 'lost-answer'?"),
        ("nowhere/401", "'nowhere' is not a place for a fault"),
        ("401:0", "'0' is not a count of a fault"),
        ("401:some", "'some' is not a count of a fault"),
        ("401,by=1", "'by' is not an option of 401"),
        ("401,code=200", "'200' is not a value of code"),
        ("429,retry-after=datex", "'datex' is not a value of retry-after"),
        ("429,retry-after=a\nb", "is not a"),
        ("stall,bytes=x", "'x' is not a value of bytes"),
        ("list-lag:x", "'x' is not a value of list-lag"),
        ("same-page:no", "'no' is not a value of same-page"),
        ("LOST ANSWER", "is not a fault"),
        ("", "is not a fault"),
    ],
)
def test_what_is_no_fault(written, said):
    with running() as (box, _):
        with pytest.raises(OptionError) as caught:
            box.fault(written)
        assert said in str(caught.value)
        assert box.faults == []
