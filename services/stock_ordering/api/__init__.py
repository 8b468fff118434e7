"""HTTP in: what is asked, what is answered, and the views between."""
