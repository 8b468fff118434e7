"""The resident market: traders that use the public API as everybody does, so that prices move."""
