"""What an order is and what may become of it."""
