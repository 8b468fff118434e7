"""What one person sees of another: the market, and nothing else."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.frames import received_frames


def test_an_order_of_one_person_moves_the_others_depth_and_is_not_among_his_orders(visitor, person, symbol):
    first, second = person(), person()
    ones, others = visitor(first), visitor(second)
    ones.trade(symbol)
    others.trade(symbol)

    ones.ticket.fill("buy", 37, "99.50")
    ones.ticket.send()

    expect(ones.open_order("99.50")).to_be_visible()
    expect(others.depth.bids).to_contain_text("99.50")
    expect(others.depth.bids).to_contain_text("37")
    expect(others.open_order("99.50")).to_have_count(0)
    others.go_to("Orders")
    others.tab("All").click()
    expect(others.page.get_by_text("has not placed an order yet")).to_be_visible()
    assert second.trader.get("/v2/orders?status=all") == []


def test_nothing_on_the_wire_of_one_person_names_another_or_his_orders(visitor, person, symbol):
    first, second = person(), person()
    others = visitor(second)
    frames = received_frames(others.page)
    others.trade(symbol)
    accounts = [first.trader.account()["id"], first.trader.account()["account_number"]]

    resting = first.trader.buy(symbol, 30, "99.50")
    first.trader.replace(resting["id"], qty="35")
    mine = second.trader.sell(symbol, 5, "99.50")
    canceled = first.trader.buy(symbol, 3, "98.00")
    first.trader.cancel(canceled["id"])
    expect(others.tape.newest).to_contain_text("99.50")
    expect(others.notice(symbol).first).to_be_visible()

    heard = "\n".join(frames)
    ids = [order["id"] for order in first.trader.get("/v2/orders?status=all")]
    assert len(ids) == 3
    assert mine["id"] in heard, "the frames that were kept are not the ones that tell of orders"
    assert [name for name in (*accounts, *ids, first.name) if name in heard] == []
