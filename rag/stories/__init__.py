"""More like this: related articles, the articles of a story, and what was new in each."""
