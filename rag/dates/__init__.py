"""What days a question speaks of, and how much the date of an article speaks for it."""
