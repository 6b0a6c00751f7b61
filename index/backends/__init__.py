"""Two ways to run the bundled model without the library that made it: one for a question, one for many passages."""
