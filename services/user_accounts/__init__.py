"""Sign-up, login, tokens and API keys."""
