"""The smoke test passes on a sound exchange, busy or not, and says in a sentence what is wrong with another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from loadtest.asking import Exchange, Wrong
from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.smoke import check_documents, check_page, check_portfolio, check_tape, prices_to_meet_at, sign_up, trade
from standalone.servers.process import free_port
from tests.standalone.a_page import build_a_page

pytestmark = pytest.mark.timeout(240)

ROOT = Path(__file__).parents[2]
ASSET = {"price_increment": "0.01", "reference_price": "190.00"}


@pytest.fixture(scope="module", params=["off", "on"])
def exchange(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """A quiet exchange, and one with a resident market."""
    folder = tmp_path_factory.mktemp("smoke")
    with exchange_on(folder / "data", {"MARKET": request.param, "PAGE": str(build_a_page(folder / "page"))}) as running:
        yield running


def smoke(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "loadtest.smoke", url, *words],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'services'}:{ROOT}"},
        text=True,
        capture_output=True,
        check=False,
        timeout=100,
    )


def url_of(exchange: ExchangeProcess) -> str:
    return f"http://{exchange.host}:{exchange.port}"


def test_a_sound_exchange_passes_as_often_as_one_likes(exchange: ExchangeProcess) -> None:
    for _ in range(3):
        result = smoke(url_of(exchange))

        print(f"\n{result.stdout}", end="")
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.count("ok  ") == 9
        assert "all is well" in result.stdout


def test_a_cent_that_is_missing_is_noticed(exchange: ExchangeProcess) -> None:
    asked = Exchange(url_of(exchange), patience_s=6)
    seller, buyer = sign_up(asked, "sell"), sign_up(asked, "buy")
    trade(asked, seller, buyer)
    check_portfolio(seller)
    seller.cash += Decimal("0.01")

    with pytest.raises(Wrong, match=r"The seller's portfolio did not become \$\d.* within 6 s"):
        check_portfolio(seller)


def test_a_fill_that_nobody_printed_is_noticed(exchange: ExchangeProcess) -> None:
    asked = Exchange(url_of(exchange), patience_s=6)
    seller, buyer = sign_up(asked, "sell"), sign_up(asked, "buy")
    trade(asked, seller, buyer)
    check_tape(buyer)
    buyer.fills[0]["price"] = "0.01"

    with pytest.raises(Wrong, match="A fill was not printed on the tape within 6 s"):
        check_tape(buyer)


def test_an_exchange_without_its_page_or_without_shares_to_sell_does_not_pass(tmp_path: Path) -> None:
    with exchange_on(tmp_path / "data", {"PAGE": str(tmp_path / "none"), "STARTING_SHARES": "AAPL:0"}) as exchange:
        asked = Exchange(url_of(exchange), patience_s=2)

        with pytest.raises(Wrong, match="it is not the built page"):
            check_page(asked)
        assert "with " in check_documents(asked)
        with pytest.raises(Wrong, match=r"A new account got no \w+ to sell within 2 s"):
            sign_up(asked, "sell")


def test_where_nobody_answers_it_says_so_and_gives_up_in_time() -> None:
    result = smoke(f"http://127.0.0.1:{free_port()}", "--patience", "1")

    assert (result.returncode, result.stdout) == (1, "")
    assert "did not answer GET / within 1 s (last: [Errno 111] Connection refused)." in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_no_address_is_refused() -> None:
    result = smoke("localhost:8080")

    assert result.returncode == 1
    assert result.stderr == "smoke: 'localhost:8080' is not an address like http://localhost:8080.\n"


@pytest.mark.parametrize(
    ("bid", "ask", "sell_at", "buy_at"),
    [
        ("189.00", "191.00", "190.00", "190.00"),
        ("189.97", "190.00", "189.98", "189.98"),
        ("189.98", "190.00", "189.99", "189.99"),
        ("189.99", "190.00", "189.99", "190.00"),  # no room: each trades with who rests
        (None, None, "189.99", "189.99"),
        ("189.00", None, "189.01", "189.01"),
        (None, "191.00", "190.99", "190.99"),
        (None, "0.01", "0.01", "0.01"),
    ],
)
def test_the_two_meet_where_both_will_trade(bid: str | None, ask: str | None, sell_at: str, buy_at: str) -> None:
    book = {"bids": [{"p": bid}] if bid else [], "asks": [{"p": ask}] if ask else []}

    assert prices_to_meet_at(book, ASSET) == (Decimal(sell_at), Decimal(buy_at))
