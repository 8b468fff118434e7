"""Orders: accepted, announced, and moved from state to state by what the book says."""
