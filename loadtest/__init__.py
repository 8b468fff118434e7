"""Programs that put load on an exchange and measure or check it."""
