"""Which articles are the same one again, which print the same report, and which a newer version stands for.

Decided when an index is built, by words in a row, publishers, addresses and dates; never by what articles are about.
"""
