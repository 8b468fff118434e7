"""Checks on a running exchange that nothing was lost, doubled, invented or forgotten."""
