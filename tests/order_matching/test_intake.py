"""What was heard becomes commands, each once and in its order."""

from __future__ import annotations

from contracts.facts import InstrumentHalted, InstrumentResumed
from contracts.orders import OrderType
from order_matching.domain.commands import CancelOrder, HaltTrading, ReplaceOrder, ResumeTrading, SubmitOrder
from order_matching.domain.intake import Intake, Switched
from tests.order_matching.builders import BUY, DAY, FOK, IOC
from tests.order_matching.rig import ANN, buy, cancel, halted, id_of, listed, replacement, resumed

NOTHING: tuple[str, ...] = ()


def test_an_order_becomes_the_command_to_submit_it() -> None:
    command = Intake(NOTHING, NOTHING).command_for(buy("one", qty=7, at=101, until=55))

    assert command == SubmitOrder(id_of("one"), ANN, BUY, 101, 7, DAY, 55, False)


def test_a_market_order_never_rests_whatever_its_time_in_force() -> None:
    commands = [
        Intake(NOTHING, NOTHING).command_for(buy("one", type=OrderType.MARKET, tif=tif)) for tif in (DAY, IOC, FOK)
    ]

    assert [command.time_in_force for command in commands if isinstance(command, SubmitOrder)] == [IOC, IOC, FOK]


def test_an_order_seen_before_is_no_command() -> None:
    assert Intake([id_of("one")], NOTHING).command_for(buy("one")) is None


def test_an_order_that_comes_twice_in_one_batch_is_one_command() -> None:
    intake = Intake(NOTHING, NOTHING)

    assert isinstance(intake.command_for(buy("one")), SubmitOrder)
    assert intake.command_for(buy("one")) is None


def test_a_replacement_becomes_the_command_to_replace_once() -> None:
    intake = Intake(NOTHING, NOTHING)
    fact = replacement("two", buy("one"), qty=3, at=99)

    assert intake.command_for(fact) == ReplaceOrder(id_of("two"), id_of("one"), ANN, BUY, 99, 3, DAY, None, False)
    assert intake.command_for(fact) is None


def test_the_cancel_of_an_order_that_has_come_is_a_command_each_time() -> None:
    intake = Intake([id_of("one")], NOTHING)

    assert intake.command_for(cancel("one")) == CancelOrder(id_of("one"), ANN)
    assert intake.command_for(cancel("one")) == CancelOrder(id_of("one"), ANN)
    assert not intake.remembered


def test_a_cancel_behind_its_order_in_the_same_batch_is_a_command() -> None:
    intake = Intake(NOTHING, NOTHING)
    intake.command_for(buy("one"))

    assert intake.command_for(cancel("one")) == CancelOrder(id_of("one"), ANN)


def test_a_cancel_that_comes_first_is_remembered_once() -> None:
    intake = Intake(NOTHING, NOTHING)

    assert intake.command_for(cancel("one")) is None
    assert intake.command_for(cancel("one")) is None
    assert list(intake.remembered) == [id_of("one")]


def test_an_order_behind_its_cancel_in_the_same_batch_is_canceled_and_nothing_need_be_remembered() -> None:
    intake = Intake(NOTHING, NOTHING)
    intake.command_for(cancel("one"))

    command = intake.command_for(buy("one"))

    assert isinstance(command, SubmitOrder)
    assert command.canceled
    assert (dict(intake.remembered), intake.overtaken) == ({}, [])


def test_an_order_whose_cancel_came_in_an_earlier_batch_is_canceled_and_the_cancel_forgotten() -> None:
    intake = Intake(NOTHING, [id_of("one")])

    command = intake.command_for(buy("one"))

    assert isinstance(command, SubmitOrder)
    assert command.canceled
    assert intake.overtaken == [id_of("one")]


def test_a_replacement_whose_cancel_came_first_is_canceled() -> None:
    intake = Intake([id_of("one")], [id_of("two")])

    command = intake.command_for(replacement("two", buy("one"), qty=3, at=99))

    assert isinstance(command, ReplaceOrder)
    assert command.canceled


def test_halt_and_resume_are_commands_and_a_listing_is_none() -> None:
    intake = Intake(NOTHING, NOTHING)

    assert intake.command_for(halted()) == HaltTrading()
    assert intake.command_for(resumed()) == ResumeTrading()
    assert intake.command_for(listed()) is None


def test_a_halt_put_back_after_the_resume_does_not_halt_again() -> None:
    """Dead letters go back whenever somebody has mended their cause."""
    late = InstrumentHalted(symbol="AAPL", at_us=5, sequence=1)
    intake = Intake(NOTHING, NOTHING, {"AAPL": Switched(False, 2, 5)})

    assert intake.command_for(late) is None
    assert intake.switched == {"AAPL": Switched(False, 2, 5)}
    assert intake.command_for(InstrumentHalted(symbol="AAPL", at_us=6, sequence=3)) == HaltTrading()
    assert intake.command_for(InstrumentHalted(symbol="AAPL", at_us=6, sequence=3)) is None
    assert intake.switched == {"AAPL": Switched(True, 3, 6)}


def test_a_resume_counts_though_the_clock_it_was_told_by_is_an_hour_behind_the_halts() -> None:
    intake = Intake(NOTHING, NOTHING)
    hour_us = 3_600_000_000

    halt = intake.command_for(InstrumentHalted(symbol="AAPL", at_us=2 * hour_us, sequence=1))
    resume = intake.command_for(InstrumentResumed(symbol="AAPL", at_us=hour_us, sequence=2))

    assert (halt, resume) == (HaltTrading(), ResumeTrading())
    assert intake.switched == {"AAPL": Switched(False, 2, hour_us)}


def test_a_halt_without_a_number_is_of_the_version_before_and_counts_by_its_time() -> None:
    intake = Intake(NOTHING, NOTHING, {"AAPL": Switched(False, 2, 5)})

    assert intake.command_for(InstrumentHalted(symbol="AAPL", at_us=4)) is None
    assert intake.command_for(InstrumentHalted(symbol="AAPL", at_us=6)) == HaltTrading()
    assert intake.command_for(InstrumentHalted(symbol="AAPL", at_us=6)) is None
    assert intake.command_for(InstrumentResumed(symbol="AAPL", at_us=1, sequence=3)) == ResumeTrading()
