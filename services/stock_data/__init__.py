"""Instruments, last price, quote, depth, tape and candles."""
