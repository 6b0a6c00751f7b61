"""The archive as HTML: its articles, its state, what is being added. Knows nothing of Gradio."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rag import Article, ListedArticle, State, Version
from ui.forms import button, form
from ui.front import error_html, notice_html
from ui.reader import article_html
from ui.wording import Wording
from ui.words import words
from ui.work import Standing

PAGE = 25
_REFUSED = 50


class Query(NamedTuple):
    """Which articles are listed."""

    words: str = ""
    removed: bool = False
    shown: int = PAGE


def list_html(say: Wording, articles: Sequence[ListedArticle], query: Query) -> str:
    """Return the articles that a search found, the first of them shown."""
    tabs = "".join(
        button(action, say(name), pressed=query.removed is removed)
        for action, name, removed in (("all", "articles_held", False), ("removed", "articles_removed", True))
    )
    rows = "".join(_row(say, each) for each in articles[: query.shown])
    listed = f'<ol class="shelf">{rows}</ol>' if rows else f'<p class="hint">{say("no_articles")}</p>'
    left = len(articles) - query.shown
    more = f'<p class="ways">{button("more", say("more", left=say.number(left)))}</p>' if left > 0 else ""
    # What was searched for may be a story, too.
    story = button("story", say("story_of", title=words(query.words)), text=query.words) if query.words else ""
    story = f'<p class="ways">{story}</p>' if story and rows and not query.removed else ""
    return (
        f'<section class="library"><div class="bar"><h2 tabindex="-1">{say("archive")}</h2>'
        f'<p class="ways">{tabs}</p></div>{form(say, "find", "articles_search", "search", value=query.words)}'
        f'<p class="count" role="status">{say.count("articles", len(articles))}</p>{story}{listed}{more}</section>'
    )


def _row(say: Wording, each: ListedArticle) -> str:
    title = words(each.title if each.title.strip() else each.id)
    source = f"<bdi>{words(each.publisher or '')}</bdi>, " if each.publisher else ""
    if each.removed:
        does = button("restore", say("restore"), each.id, label=say.plain("restore_this", title=each.title))
        removed = f" · {say('removed_on', day=say.day(each.removed))}"
        return (
            f'<li><div class="line"><span class="title" dir="auto">{title}</span>'
            f'<span class="when">{source}{say.day(each.published)}{removed}</span></div>'
            f'<div class="ways">{does}</div></li>'
        )
    return (
        f'<li><div class="line">{button("read", title, each.id)}'
        f'<span class="when">{source}{say.day(each.published)}</span></div></li>'
    )


def read_html(say: Wording, article: Article) -> str:
    """Return an article of the archive to read."""
    back = button("back", say("back_to_articles"))
    made = article_html(say, article, [], None, back=back)
    sure = say.plain("remove_sure", title=article.title)
    return (
        f'{made}<p class="ways end"><span class="id">{words(article.id)}</span>'
        f"{button('story', say('story_button'), article.id)}"
        f"{button('remove', say('remove_article'), article.id, sure=sure)}</p>"
    )


def state_html(say: Wording, state: State) -> str:
    """Return what there is: the version being served, the others that one can go back to, the sources."""
    problems = "".join(error_html(say.said(each)) for each in state.problems)
    held = _held(say, state) if state.current else f'<p class="hint">{say("no_index")}</p>'
    rows = "".join(_version(say, each) for each in reversed(state.versions))
    versions = f'<h3>{say("versions")}</h3><ol class="versions">{rows}</ol>' if rows else ""
    nothing = "".join(_fruitless(say, *each) for each in state.fruitless)
    empty = f'<h3>{say("fruitless")}</h3><ul class="versions">{nothing}</ul>' if nothing else ""
    sources = "".join(f'<li dir="auto">{words(each)}</li>' for each in state.sources)
    listed = f'<details><summary>{say("read_from")}</summary><ul class="paths">{sources}</ul></details>'
    return (
        f'<section class="state"><h2>{say("state")}</h2>{problems}{held}{versions}{listed if sources else ""}{empty}'
        f"<h2>{say('add')}</h2></section>"
    )


def _fruitless(say: Wording, name: str, why: str) -> str:
    does = button("take", say("take"), name, label=f"{say.plain('take')}: {name}")
    # The program says first of which file it speaks.
    said = say.said(why.removeprefix(f"{name}: "))
    return f'<li><span><bdi>{words(name)}</bdi> <span class="hint">{said}</span></span> {does}</li>'


def _held(say: Wording, state: State) -> str:
    version = state.current
    if version is None:
        return ""
    facts = {
        "fact_articles": say.number(version.articles),
        "fact_passages": say.number(version.passages),
        "fact_model": words(version.model.partition("@")[0]),
        "fact_size": say("megabytes", number=say.number(max(1, round(state.size / 1_000_000)))),
    }
    return f"<dl>{''.join(f'<dt>{say(name)}</dt><dd>{value}</dd>' for name, value in facts.items())}</dl>"


def _version(say: Wording, each: Version) -> str:
    does = (
        f"<strong>{say('served')}</strong>"
        if each.current
        else button("use", say("use"), each.name, sure=say.plain("use_sure"), label=f"{say.plain('use')}: {each.name}")
    )
    count = say.count("articles", each.articles)
    made = words(each.created[:16].replace("T", " "))
    return f'<li><span><time datetime="{words(each.created)}">{made}</time> UTC · {count}</span> {does}</li>'


def work_html(say: Wording, now: Standing, root: Path | None = None) -> str:
    """Return how far it is with what is being done, or what came of it; `root` is not shown of the files' paths."""
    if now.running:
        stage = say(f"stage_{now.stage}") if f"stage_{now.stage}" in say.texts else say("stage_begun")
        of = f' max="{now.total}" value="{now.done}"' if now.total else ""
        return f'<p class="notice" role="status">{stage}</p><progress{of} aria-label="{say("progress")}"></progress>'
    if now.problem is not None:
        return error_html(say.said(now.problem) if now.problem else say("unexpected"))
    report = now.report
    if report is None:
        return ""
    said = say("report", articles=say.count("articles", report.articles), new=say.number(report.new),
               changed=say.number(report.changed), removed=say.number(report.removed))  # fmt: skip
    refused = "".join(f"<li>{say.said(_plain(each, root))}</li>" for each in report.refused[:_REFUSED])
    notes = "".join(f"<li>{say.said(_plain(each, root))}</li>" for each in report.notes[:_REFUSED])
    made = notice_html(said)
    made += f'<h3>{say("refused")}</h3><ul class="refused">{refused}</ul>' if refused else ""
    return made + (
        f'<details><summary>{say("notes")}</summary><ul class="refused">{notes}</ul></details>' if notes else ""
    )


def _plain(line: str, root: Path | None) -> str:
    return line.replace(f"{root}/added/", "") if root else line
