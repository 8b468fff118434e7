"""The use cases, in the order they happen in life."""
