"""Who is there, what they are to be told, and the two threads that see to it."""
