"""What lasts: the tables and the signing key's file."""
