"""The order books: one per symbol, matched by price, then time."""
