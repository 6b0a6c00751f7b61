"""Which language a text is in: what is said of it, unless the text is plainly in another."""


def language_of(text: str, said: str | None) -> str:
    """TBD."""
    return said or "en"
