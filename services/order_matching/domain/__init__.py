"""The rules of the order book: pure Python, no clock, no chance, no input or output."""
