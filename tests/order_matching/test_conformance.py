"""The conformance tool: published answers, any file of the format, and one sentence for a bad one."""

from __future__ import annotations

import gc
import os
import re
from pathlib import Path

import pytest

from loadtest import conformance
from tests.order_matching.workloads import BUY, SELL, Sent, cancel, header, modify, new, records, sha256, write

PUBLISHED = {
    "normal": "e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e",
    "static": "9803843ee404fc29c9a0aa5614f8f0d5a58b5c44fcac9ef89067886fcaaa30d1",
}
SHARED = Path(os.environ.get("SHARED") or Path(__file__).parents[3] / "shared")

FLOW = (
    new(7, SELL, 100, 5),
    new(8, BUY, 101, 3),
    modify(7, SELL, 99, 4),
    new(9, BUY, 98, 1, ioc=True),
    cancel(7, SELL),
    cancel(7, SELL),
    modify(7, SELL, 99, 4),
)
EXPECTED = sha256(
    "0,0,1,7,100,5",
    "0,1,0,8,101,3",
    "1,1,100,3,7,8",
    "3,2,1,7,99,4",
    "0,3,0,9,98,1",
    "2,3,0,9,98",
    "2,4,1,7,99",
    "4,5,7",
    "5,6,7",
)


def whole(*flow: Sent) -> bytes:
    return header(len(flow)) + records(*flow)


@pytest.fixture(autouse=True)
def _collector_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool is a process of its own and may switch the collector off; the tests may not."""
    monkeypatch.setattr(gc, "disable", lambda: None)


@pytest.mark.parametrize("workload", sorted(PUBLISHED))
def test_the_book_reproduces_the_published_reports(workload: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = SHARED / "data" / "matching" / f"{workload}.bin.xz"
    if not path.exists():
        pytest.skip(f"{path} is not here; set SHARED to the folder that has data/matching.")

    assert conformance.main([str(path)]) == 0

    assert capsys.readouterr().out.startswith(f"sha256={PUBLISHED[workload]} messages_per_s=")


@pytest.mark.parametrize("packed", [True, False])
def test_a_workload_may_be_packed_or_plain(packed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "flow.bin", whole(*FLOW), packed=packed)

    assert conformance.main([str(path)]) == 0

    assert re.fullmatch(rf"sha256={EXPECTED} messages_per_s=\d+\n", capsys.readouterr().out)


def test_the_hash_does_not_depend_on_how_the_flow_is_cut_into_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 2, 3, 100):
        monkeypatch.setattr(conformance, "BATCH_MESSAGES", size)

        assert conformance.run(records(*FLOW))[0] == EXPECTED


def test_a_workload_without_a_message_reports_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "empty.bin", header(0))

    assert conformance.main([str(path)]) == 0
    assert capsys.readouterr().out == f"sha256={sha256('')} messages_per_s=0\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "too short"),
        (b"\xfd7zXZ\x00 and no more", "cannot be read"),
        (b"a letter to a friend, and no workload", "not a workload"),
        (header(0, magic=1), "not a workload"),
        (header(0, version=2), "not a workload of version 1"),
        (header(3) + records(*FLOW[:2]), "promises 3 messages and holds 2"),
        (header(1) + records(*FLOW[:2]), "promises 1 messages and holds 2"),
        (whole(*FLOW)[:-1], "promises 7 messages and holds 6.9"),
        (whole(FLOW[0]._replace(kind=3)), "makes no sense"),
        (whole(FLOW[0]._replace(side=2)), "makes no sense"),
        (whole(FLOW[0]._replace(is_ioc=2)), "makes no sense"),
        (whole(FLOW[0]._replace(quantity=0)), "makes no sense"),
        (whole(FLOW[0]._replace(price=-5)), "makes no sense"),
        (header(2) + records(FLOW[0]) + records(FLOW[0]), "out of sequence"),
        (whole(FLOW[0], FLOW[0]), "cannot be played: order 7 stands"),
    ],
)
def test_a_bad_file_gets_one_sentence(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "bad.bin", content)

    assert conformance.main([str(path)]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_a_packed_file_cut_short_gets_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "whole.bin.xz", whole(*FLOW), packed=True)
    write(path, path.read_bytes()[:-20])

    assert conformance.main([str(path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_missing_file_gets_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert conformance.main([str(tmp_path / "nowhere.bin")]) == 2
    assert "nowhere.bin cannot be read" in capsys.readouterr().err


def test_without_a_file_it_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert conformance.main([]) == 2
    assert "WORKLOAD=FILE" in capsys.readouterr().err
