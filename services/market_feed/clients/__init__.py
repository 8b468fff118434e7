"""The exchange, reached over its public API."""
