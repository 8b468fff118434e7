"""The use cases of order_matching: match what was heard, end what is over."""
