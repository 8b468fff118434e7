"""What a client may ask for, how things look to it, and what it has not been told yet: pure Python."""
