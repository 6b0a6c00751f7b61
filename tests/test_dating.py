from datetime import date

import numpy as np
import pytest

from rag.dates.dating import dating
from rag.dates.events import day_of, period_of
from rag.dates.when import When
from rag.rank import FLOOR
from rag.retrieve import Retriever

TODAY, ASKED = date(2026, 10, 1), date(2026, 5, 1)
KNOWN = (date(2025, 10, 1), date(2026, 9, 30))


def factor(question: str, article: date | None, as_of: date | None = None) -> float:
    days = np.asarray([article.toordinal() if article else np.nan])
    return float(dating(question, as_of, TODAY, KNOWN).factors(days)[0])


@pytest.mark.parametrize(
    ("question", "as_of", "day"),
    [("Who won?", None, None), ("Who won?", ASKED, ASKED), ("What is the LATEST poll?", None, TODAY),
     ("What happened last week?", None, TODAY), ("Is it still shut?", ASKED, ASKED),
     ("Who is the knowledgeable one?", None, None), ("What happened in March 2026?", None, None)],
)  # fmt: skip
def test_the_day_counts_where_it_is_given_or_the_question_speaks_of_time(
    question: str, as_of: date | None, day: date | None
) -> None:
    assert dating(question, as_of, TODAY, KNOWN).day == day


def test_articles_of_the_days_named_count_in_full_and_the_others_fade() -> None:
    march = "What did the council decide in March 2026?"
    assert factor(march, date(2026, 3, 1)) == factor(march, date(2026, 3, 31)) == 1
    assert factor(march, date(2026, 4, 2)) == 1  # printed some days after it was decided
    assert 1 > factor(march, date(2026, 4, 10)) > factor(march, date(2026, 6, 1)) > FLOOR
    assert 1 > factor(march, date(2026, 2, 20)) > factor(march, date(2025, 11, 1)) > FLOOR
    assert factor(march, None) < 1


def test_days_long_before_the_as_of_day_go_before_recent_ones_and_these_before_the_rest() -> None:
    asked = "What did the council decide in November 2025?"
    named, recent, between = (factor(asked, day, ASKED) for day in (date(2025, 11, 9), ASKED, date(2026, 2, 9)))
    assert named == 1 > recent > between


def test_what_is_near_the_as_of_day_is_what_the_prior_is_about() -> None:
    for words in ("this week", "last week", "since Monday", ""):
        asked = f"What did the council decide {words}?"
        assert factor(asked, ASKED, ASKED) == 1 > factor(asked, date(2026, 1, 1), ASKED)


@pytest.mark.parametrize("question", ["Who won the cup in 1998?", "What will open in 2031?", "Who won?"])
def test_days_that_the_archive_does_not_reach_say_nothing_of_its_articles(question: str) -> None:
    assert dating(question, None, TODAY, KNOWN).periods == ()
    assert factor(question, date(2026, 1, 1)) == factor(question, None) == 1


def test_an_archive_without_dates_takes_any_question() -> None:
    dated = dating("What happened in March 2026?", ASKED, TODAY, (None, None))
    assert np.isfinite(dated.factors(np.full(3, np.nan))).all()


@pytest.mark.parametrize(
    ("words", "day"),
    [("the election", date(2026, 5, 11)), ("the collision", date(2025, 11, 22)),
     ("the bridge reopened", date(2026, 6, 11)),     ("the zebra parade", None), ("the", None)],
)  # fmt: skip
def test_the_archive_dates_an_event_by_its_coverage(quick: Retriever, words: str, day: date | None) -> None:
    assert day_of(quick.index, words) == day


def test_before_and_after_an_event_are_periods(quick: Retriever) -> None:
    before = period_of(quick.index, "What did the polls say before the election?")
    after = period_of(quick.index, "What was said of the bridge after the election?")
    assert before
    assert after
    assert (before.first, before.last, before.kind) == (None, date(2026, 5, 11), When.UNTIL)
    assert (after.first, after.last) == (date(2026, 5, 11), None)
    assert period_of(quick.index, "Who was hurt after falling?") is None


def test_a_month_in_the_question_brings_its_articles_forward(retriever: Retriever) -> None:
    november = retriever.find("When will the bridge reopen, in November 2025?", k=5)
    april = retriever.find("When will the bridge reopen, in April 2026?", k=5)
    for found, month in ((november, (2025, 11)), (april, (2026, 4))):
        [period] = found.periods
        assert period.first == date(*month, 1)
        published = found.hits[0].article.published
        assert published
        assert abs((published - date(*month, 15)).days) < 30
