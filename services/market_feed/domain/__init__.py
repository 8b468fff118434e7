"""What the resident traders decide: what a share is worth to them, what they quote, what they take."""
