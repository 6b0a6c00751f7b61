"""Pullquote beside what a user would pick instead: same articles, same model files, same machine, one run.

`python -m tests.bench.rivals` is the comparison; `contenders/` has a script for each, run by its own Python.
"""
