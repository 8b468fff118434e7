"""How the resident traders come in, trade turn by turn, and leave."""
