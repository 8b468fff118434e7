"""The machinery every service shares; it knows no market word."""
