"""The use cases: taking facts in, and telling an account how it stands."""
