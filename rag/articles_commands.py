"""The command `pullquote articles`."""

from argparse import Namespace
from collections.abc import Sequence

from rag.articles import ArticleRecord, list_articles, remove_articles, restore_articles, show_article
from rag.terminal import print_json, say

DOES = ("show", "remove", "restore")


def articles(arguments: Namespace) -> int:
    """List the articles; show, remove or restore some."""
    does, *ids = arguments.words or [""]
    if does == "show" and ids:
        return _show(ids, arguments)
    if does in DOES and ids:
        changed = (remove_articles if does == "remove" else restore_articles)(
            ids, arguments.data, model=arguments.model
        )
        rest = f"The index holds {changed.articles:,} articles."
        if arguments.json:
            print_json({"version": changed.version, "articles": changed.articles, "embedded": changed.embedded})
        elif does == "remove":
            say(f"{len(set(ids)):,} removed; no build brings that back, `pullquote articles restore ID` does. {rest}")
        else:
            say(f"{len(set(ids)):,} restored. {rest}")
        return 0
    return _list(arguments)


def _list(arguments: Namespace) -> int:
    found = list_articles(
        " ".join(arguments.words),
        arguments.data,
        publishers=arguments.publisher,
        since=arguments.after[0] if arguments.after else None,
        removed=arguments.removed,
    )
    if arguments.json:
        print_json([each.to_json() for each in found])
        return 0
    for each in found:
        removed = f", removed {each.removed}" if each.removed else ""
        say(f"{each.published or 'no date':10}  {each.title}")
        say(f"{'':10}  {each.publisher or 'publisher unknown'}  [{each.id}]{removed}")
    say(f"{len(found):,} article{'s' * (len(found) != 1)}.", error=True)
    return 0


def _show(ids: Sequence[str], arguments: Namespace) -> int:
    found = [show_article(each, arguments.data) for each in ids]
    if arguments.json:
        print_json([each.to_json() for each in found])
        return 0
    for each in found:
        _print(each)
    return 0


def _print(record: ArticleRecord) -> None:
    article = record.article
    published = f"{article.published} (from: {article.published_from})" if article.published else "unknown"
    modified = f"{article.modified} (from: {article.modified_from})" if article.modified else ""
    also = "; ".join(f"{each.publisher or 'publisher unknown'} [{each.id}]" for each in record.also_in)
    revisions = "; ".join(
        f"{each.digest[:12]} read {each.read or 'before such days were kept'}{' (this one)' * each.current}"
        for each in record.revisions
    )
    say(article.title)
    for name, value in (
        ("id", article.id),
        ("publisher", article.publisher or "unknown"),
        ("authors", ", ".join(article.authors)),
        ("published", published),
        ("modified", modified),
        ("first read", str(article.read or "")),
        ("address", article.url or ""),
        ("section", article.section or ""),
        ("language", article.language),
        ("file", article.source),
        ("passages", f"{record.passages:,}"),
        ("superseded", record.newer),
        ("revisions", revisions),
        ("copies", "; ".join(record.copies)),
        ("also in", also),
    ):
        if value:
            say(f"  {name:10}  {value}")
    say(f"\n{article.text}\n")
