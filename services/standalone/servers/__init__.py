"""The servers an exchange of many processes lives on, private to it: each on a folder and ports of its own."""
