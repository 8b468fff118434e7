"""The use cases of stock_data: listing and halting, taking the market in, and answering about it."""
