"""The rules of accounts, passwords, sessions and keys."""
