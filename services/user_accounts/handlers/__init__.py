"""The use cases: accounts, sessions, API keys."""
