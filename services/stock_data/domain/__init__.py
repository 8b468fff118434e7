"""What an instrument is, and how trades and level changes become tape, candles and quote."""
