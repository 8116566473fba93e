"""The client against the sandbox."""

import time

import pytest

from callframe.errors import ContractError, FewerRows, NotAuthorised, Refused
from callframe.metrica import Metrica

from .wires import HEADER, PHONE

sandbox = pytest.importorskip("callframe.sandbox", reason="needs the sandbox extra", exc_type=ImportError)


@pytest.fixture
def box():
    with sandbox.Sandbox(pace=0.05) as box:
        yield box


@pytest.fixture
def client(box):
    return Metrica(box.counter, box.token, base_url=box.base_url)


@pytest.fixture
def calls(tmp_path):
    now = int(time.time())
    rows = "".join(f",{10**18 + row},,{now - 5000 + row},0,{PHONE},x\n" for row in range(20))
    (tmp_path / "calls.csv").write_text(HEADER + rows, encoding="utf-8")
    return tmp_path / "calls.csv"


def test_from_file_to_final_status(client, box, calls):
    upload = client.wait(client.upload(calls, goal="Звонок", comment="ноябрь"), timeout=30)
    assert (upload.status, upload.line_quantity, upload.notes) == ("PROCESSED", 20, ())
    assert len(box.uploads) == 1
    assert client.upload(calls).adopted


def test_in_parts(client, box, calls):
    upload = client.wait(client.upload(calls, part_bytes=400), timeout=30)
    assert (upload.status, upload.line_quantity, len(upload.parts), len(box.uploads)) == ("PROCESSED", 20, 4, 4)


def test_a_row_that_breaks_the_contract_is_not_sent(client, box, calls):
    calls.write_text(calls.read_text().replace(",0,+7", ",2,+7", 1))
    with pytest.raises(ContractError, match="StaticCall"):
        client.upload(calls)
    assert not box.uploads


def test_a_row_that_the_service_does_not_take(client, box, calls):
    box.fault("short-line-quantity")
    with pytest.raises(FewerRows) as error:
        client.wait(client.upload(calls), timeout=30)
    assert (error.value.sent, error.value.line) == (20, 19)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param("lost-answer", None, id="lost answer"),
        pytest.param("list-lag:2", None, id="lagging list"),
        pytest.param("page-limit:1", None, id="small pages"),
        pytest.param("first-offset:1", None, id="offset from one"),
        pytest.param("reverse-order", None, id="oldest first"),
    ],
)
def test_faults_end_with_one_upload(fault, error, client, box, calls):
    client.upload(calls, part_bytes=400)
    box.fault(fault)
    calls.write_text(calls.read_text() + calls.read_text().splitlines()[-1] + "\n")
    client.upload(calls, settle=10)
    assert client.upload(calls, settle=10).adopted
    assert len(box.uploads) == 5


def test_a_wrong_token(box, calls):
    with pytest.raises(NotAuthorised):
        Metrica(box.counter, "another-token", base_url=box.base_url).upload(calls)
    assert box.uploads == []


def test_a_wrong_counter(calls):
    with sandbox.Sandbox(counters=[8]) as box, pytest.raises(Refused, match="Check the counter number 7"):
        Metrica(7, box.token, base_url=box.base_url).upload(calls)
