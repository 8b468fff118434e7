"""Cash and shares: what accounts own, what is held for their orders, and every movement as double entry."""
