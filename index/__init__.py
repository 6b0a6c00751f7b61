"""Turns files into a versioned index and opens it. Knows nothing of questions or answers."""
