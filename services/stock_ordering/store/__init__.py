"""All SQL of the service: what reads, what changes, and how transactions are shared."""
