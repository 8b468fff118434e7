"""Settings that make no sense stop the start by name."""

from __future__ import annotations

import pytest

from chassis.settings import SettingsError, read_settings
from stock_ordering.settings import Settings


def test_nothing_needs_to_be_set():
    assert read_settings(Settings, {}) == Settings(collar_percent=10, day_ends_utc="00:00", largest_wait_s=30.0)


def test_the_day_may_end_at_any_minute():
    assert read_settings(Settings, {"DAY_ENDS_UTC": "21:30"}).ends.day_ends_minute == 21 * 60 + 30


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("COLLAR_PERCENT", value) for value in ("0", "100", "-1", "ten")),
        *(("DAY_ENDS_UTC", value) for value in ("24:00", "9:00", "", "midnight")),
        *(("IMMEDIATE_ORDER_MAX_AGE_S", value) for value in ("0", "86401", "nan", "soon")),
        *(("LARGEST_WAIT_S", value) for value in ("-1", "301", "nan", "long")),
    ],
)
def test_a_setting_out_of_bounds_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        read_settings(Settings, {name: value})
