"""Fetches links, feeds and sitemaps that a person named as sources. Knows nothing of indexes.

`guard` decides which addresses may be reached, `client` is the one place that makes requests, `store` keeps what
came, `work` turns sources into files for the loaders.
"""
