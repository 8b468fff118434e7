"""The words services share."""
