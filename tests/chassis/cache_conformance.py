"""What every cache promises, as one suite: the one in the process and the one in Redis pass it alike."""

from __future__ import annotations

from chassis.cache import Cache
from tests.chassis.builders import eventually


class CacheConformance:
    """Subclasses bring a fixture `cache`: an empty cache for every test."""

    def test_what_is_remembered_is_found_and_what_is_not_is_missing(self, cache: Cache):
        cache.set_many({"last_price:A": "1", "last_price:B": "2"}, ttl_s=60)

        assert cache.get_many(["last_price:A", "last_price:B", "C"]) == {"last_price:A": "1", "last_price:B": "2"}

    def test_a_later_price_replaces_the_earlier_one(self, cache: Cache):
        cache.set_many({"price": "1"}, ttl_s=60)
        cache.set_many({"price": "2"}, ttl_s=60)

        assert cache.get_many(["price"]) == {"price": "2"}

    def test_what_is_deleted_is_gone_at_once(self, cache: Cache):
        cache.set_many({"a": "1", "b": "2"}, ttl_s=60)

        cache.delete_many(["a", "never there"])

        assert cache.get_many(["a", "b"]) == {"b": "2"}

    def test_what_is_remembered_is_forgotten_in_its_time(self, cache: Cache):
        cache.set_many({"short": "1"}, ttl_s=0.05)
        cache.set_many({"long": "2"}, ttl_s=60)

        eventually(lambda: cache.get_many(["short", "long"]) == {"long": "2"})

    def test_remembering_again_gives_new_time(self, cache: Cache):
        cache.set_many({"price": "1", "other": "1"}, ttl_s=0.05)
        cache.set_many({"price": "2"}, ttl_s=60)

        eventually(lambda: cache.get_many(["other"]) == {})
        assert cache.get_many(["price"]) == {"price": "2"}

    def test_no_time_at_all_is_no_trouble(self, cache: Cache):
        cache.set_many({"price": "1"}, ttl_s=0)

        eventually(lambda: cache.get_many(["price"]) == {})

    def test_any_text_comes_back_as_it_was(self, cache: Cache):
        texts = {"empty": "", "wide": "Zürich 株式 🐂", "long": "x" * 100_000, "name with: colons * and ?": "\r\n$-1"}

        cache.set_many(texts, ttl_s=60)

        assert cache.get_many(texts) == texts

    def test_the_same_entry_may_be_asked_for_twice(self, cache: Cache):
        cache.set_many({"price": "1"}, ttl_s=60)

        assert cache.get_many(["price", "price"]) == {"price": "1"}

    def test_keys_may_come_from_anything_that_yields_them(self, cache: Cache):
        cache.set_many({"a": "1", "b": "2"}, ttl_s=60)

        assert cache.get_many(key for key in "ab") == {"a": "1", "b": "2"}
        cache.delete_many(key for key in "a")
        assert cache.get_many(iter("ab")) == {"b": "2"}

    def test_asking_for_nothing_is_no_trouble(self, cache: Cache):
        cache.set_many({}, ttl_s=60)
        cache.delete_many([])

        assert cache.get_many([]) == {}

    def test_a_thousand_entries_go_together(self, cache: Cache):
        prices = {f"last_price:S{number}": str(number) for number in range(1_000)}

        cache.set_many(prices, ttl_s=60)

        assert cache.get_many(prices) == prices
        cache.delete_many(prices)
        assert cache.get_many(prices) == {}
