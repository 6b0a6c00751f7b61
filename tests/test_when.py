from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.dates.when import Event, When, blanked, event_of, periods, relative, without

FRIDAY = date(2026, 5, 15)


def read(question: str, as_of: date = FRIDAY) -> list[tuple[str, str, str]]:
    """The periods as (kind, "first..last", words)."""
    return [
        (period.kind.value, f"{period.first or ''}..{period.last or ''}", period.words)
        for period in periods(question, as_of)
    ]


@pytest.mark.parametrize(
    ("question", "days", "words"),
    [
        ("What opened on 2025-02-12?", "2025-02-12..2025-02-12", "on 2025-02-12"),
        ("What opened on 12 February 2025?", "2025-02-12..2025-02-12", "on 12 February 2025"),
        ("What opened on February 12th, 2025?", "2025-02-12..2025-02-12", "on February 12th, 2025"),
        ("What opened on the 12th of February, 2025?", "2025-02-12..2025-02-12", "on the 12th of February, 2025"),
        ("What opened on Wednesday, 12 Feb 2025?", "2025-02-12..2025-02-12", "on Wednesday, 12 Feb 2025"),
        ("What opened on May 12-14, 2025?", "2025-05-12..2025-05-14", "on May 12-14, 2025"),
        ("What opened on 12 Feb?", "2026-02-12..2026-02-12", "on 12 Feb"),
        ("What opened on Feb. 12?", "2026-02-12..2026-02-12", "on Feb. 12"),
        ("What opened on June 20?", "2025-06-20..2025-06-20", "on June 20"),
        ("What opens on June 20?", "2026-06-20..2026-06-20", "on June 20"),  # soon, and nothing speaks of the past
        ("Was it correct in its 10 February story?", "2026-02-10..2026-02-10", "10 February"),
        ("What did it say on 29 February?", "2024-02-29..2024-02-29", "on 29 February"),
        ("Who won in March 2023?", "2023-03-01..2023-03-31", "in March 2023"),
        ("Who won in May of 2012?", "2012-05-01..2012-05-31", "in May of 2012"),
        ("who won in may 2023", "2023-05-01..2023-05-31", "in may 2023"),
        ("Who won in March last year?", "2025-03-01..2025-03-31", "in March last year"),
        ("Who won in March?", "2026-03-01..2026-03-31", "in March"),
        ("Who won in May?", "2026-05-01..2026-05-31", "in May"),
        ("Who won in June?", "2025-06-01..2025-06-30", "in June"),
        ("Who will play in June?", "2026-06-01..2026-06-30", "in June"),
        ("Who will play next March?", "2027-03-01..2027-03-31", "next March"),
        ("Who sang last Christmas?", "2025-12-24..2025-12-26", "last Christmas"),
        ("Who won last May?", "2025-05-01..2025-05-31", "last May"),
        ("What did the January storm carry off?", "2026-01-01..2026-01-31", "January"),
        ("What changed in 2022?", "2022-01-01..2022-12-31", "in 2022"),
        ("In the year 2000 how many were lost?", "2000-01-01..2000-12-31", "In the year 2000"),
        ("What changed in the 2010s?", "2010-01-01..2019-12-31", "in the 2010s"),
        ("What changed in the ’50s?", "1950-01-01..1959-12-31", "in the ’50s"),
        ("How many were lost in 1620-21?", "1620-01-01..1621-12-31", "in 1620-21"),
        ("What was said in the summer of 2025?", "2025-06-01..2025-08-31", "in the summer of 2025"),
        ("What opened in spring 2025?", "2025-03-01..2025-05-31", "in spring 2025"),
        ("Who froze in the winter of 1963?", "1962-12-01..1963-02-28", "in the winter of 1963"),
        ("Who froze in winter 2024-25?", "2024-12-01..2025-02-28", "in winter 2024-25"),
        ("Who won last summer?", "2025-06-01..2025-08-31", "last summer"),
        ("What will open this summer?", "2026-06-01..2026-08-31", "this summer"),
        ("Who froze this winter?", "2025-12-01..2026-02-28", "this winter"),
        ("What did she say in the spring?", "2026-03-01..2026-05-31", "in the spring"),
        ("What opened in early March 2025?", "2025-03-01..2025-03-10", "in early March 2025"),
        ("What opened in mid-March 2025?", "2025-03-11..2025-03-20", "in mid-March 2025"),
        ("What opened in late March 2025?", "2025-03-21..2025-03-31", "in late March 2025"),
        ("What opened in the middle of June?", "2025-06-11..2025-06-20", "in the middle of June"),
        ("What did it earn in the first half of 2025?", "2025-01-01..2025-06-30", "in the first half of 2025"),
        ("What did it earn in the third quarter of 2025?", "2025-07-01..2025-09-30", "in the third quarter of 2025"),
        ("What did it earn in the last quarter of 2025?", "2025-10-01..2025-12-31", "in the last quarter of 2025"),
        ("What did it earn in Q3 2025?", "2025-07-01..2025-09-30", "in Q3 2025"),
        ("What happened today?", "2026-05-15..2026-05-15", "today"),
        ("What happened yesterday?", "2026-05-14..2026-05-14", "yesterday"),
        ("What plays tonight?", "2026-05-15..2026-05-15", "tonight"),
        ("What fell last night?", "2026-05-14..2026-05-15", "last night"),
        ("What fell this morning?", "2026-05-15..2026-05-15", "this morning"),
        ("What fell this week?", "2026-05-09..2026-05-15", "this week"),
        ("What fell last week?", "2026-05-04..2026-05-10", "last week"),
        ("What fell in the past week?", "2026-05-08..2026-05-15", "in the past week"),
        ("What falls next week?", "2026-05-18..2026-05-24", "next week"),
        ("What fell over the weekend?", "2026-05-09..2026-05-10", "over the weekend"),
        ("What fell last weekend?", "2026-05-09..2026-05-10", "last weekend"),
        ("What falls this weekend?", "2026-05-16..2026-05-17", "this weekend"),
        ("What fell this month?", "2026-05-01..2026-05-31", "this month"),
        ("What fell last month?", "2026-04-01..2026-04-30", "last month"),
        ("What falls early next month?", "2026-06-01..2026-06-10", "early next month"),
        ("What fell this quarter?", "2026-04-01..2026-06-30", "this quarter"),
        ("What fell last year?", "2025-01-01..2025-12-31", "last year"),
        ("What falls later this year?", "2026-05-15..2026-12-31", "later this year"),
        ("What fell earlier this month?", "2026-05-01..2026-05-15", "earlier this month"),
        ("What fell in the second half of last year?", "2025-07-01..2025-12-31", "in the second half of last year"),
        ("Who will play next season?", "2026-05-15..2027-05-15", "next season"),
        ("How many goals this season?", "2025-07-15..2026-05-15", "this season"),
        ("What fell in the past three days?", "2026-05-12..2026-05-15", "in the past three days"),
        ("What fell in the last two weeks?", "2026-05-01..2026-05-15", "in the last two weeks"),
        ("What fell over the past 6 months?", "2025-11-15..2026-05-15", "over the past 6 months"),
        ("What fell in the last few weeks?", "2026-04-10..2026-05-15", "in the last few weeks"),
        ("What fell three days ago?", "2026-05-12..2026-05-12", "three days ago"),
        ("What fell a week ago?", "2026-05-05..2026-05-11", "a week ago"),
        ("What fell two years ago?", "2023-11-15..2024-11-13", "two years ago"),
        ("Who won on Monday?", "2026-05-11..2026-05-11", "on Monday"),
        ("Who won on Friday?", "2026-05-15..2026-05-15", "on Friday"),
        ("Who won last Friday?", "2026-05-08..2026-05-08", "last Friday"),
        ("Who was arrested Monday after the raid?", "2026-05-11..2026-05-11", "Monday"),
        ("Who hosts it this Sunday?", "2026-05-17..2026-05-17", "this Sunday"),
        ("Who will host it on Monday?", "2026-05-18..2026-05-18", "on Monday"),
        ("Who hosts it next Friday?", "2026-05-22..2026-05-22", "next Friday"),
        ("Who won Tuesday’s vote?", "2026-05-12..2026-05-12", "Tuesday"),
        ("Who resigned between May and July 2025?", "2025-05-01..2025-07-31", "between May and July 2025"),
        ("Who resigned from November to March?", "2025-11-01..2026-03-31", "from November to March"),
        ("Who resigned from November to March 2025?", "2024-11-01..2025-03-31", "from November to March 2025"),
        ("Who resigned between 3 May and 5 July 2025?", "2025-05-03..2025-07-05", "between 3 May and 5 July 2025"),
        ("How much was lost from 2000 to 2005?", "2000-01-01..2005-12-31", "from 2000 to 2005"),
        ("Who won between Monday and Friday?", "2026-05-11..2026-05-15", "between Monday and Friday"),
        ("Who sang on Christmas Day?", "2025-12-25..2025-12-25", "on Christmas Day"),
        ("Who sang on New Year's Eve 2024?", "2024-12-31..2024-12-31", "on New Year's Eve 2024"),
        ("Who sang at Christmas?", "2025-12-24..2025-12-26", "at Christmas"),
    ],
)  # fmt: skip
def test_days_are_read(question: str, days: str, words: str) -> None:
    assert read(question) == [("exact", days, words)]


@pytest.mark.parametrize(
    ("question", "kind", "days", "words"),
    [
        ("Who has won since May?", "since", "2026-05-01..", "since May"),
        ("Who has won since 2019?", "since", "2019-01-01..", "since 2019"),
        ("Who has won since the start of the year?", "since", "2026-01-01..", "since the start of the year"),
        ("Who won after June 3?", "since", "2025-06-04..", "after June 3"),
        ("Which rules apply from 1 June 2025 onwards?", "since", "2025-06-01..", "from 1 June 2025 onwards"),
        ("Which rules apply starting August 17, 2024?", "since", "2024-08-17..", "starting August 17, 2024"),
        ("Who was mayor until 3 June 2025?", "until", "..2025-06-03", "until 3 June 2025"),
        ("Who was mayor before 2025?", "until", "..2024-12-31", "before 2025"),
        ("Who won prior to 2000?", "until", "..1999-12-31", "prior to 2000"),
        ("What will be built by 2030?", "until", "..2030-12-31", "by 2030"),
        ("What will be built by the end of 2026?", "until", "..2026-12-31", "by the end of 2026"),
        ("Who was mayor before last week?", "until", "..2026-05-03", "before last week"),
        ("What is the latest count?", "newest", "..2026-05-15", "latest"),
        ("What is the most recent offer?", "newest", "..2026-05-15", "most recent"),
        ("When is it now expected to open?", "newest", "..2026-05-15", "now"),
        ("Who is currently mayor?", "newest", "..2026-05-15", "currently"),
        ("Who is the current mayor?", "newest", "..2026-05-15", "current"),
        ("How many so far?", "newest", "..2026-05-15", "so far"),
        ("Who rules these days?", "newest", "..2026-05-15", "these days"),
        ("How many geese at the last count?", "newest", "..2026-05-15", "at the last count"),
        ("Is it still shut?", "newest", "..2026-05-15", "still"),
        ("Has it opened yet?", "newest", "..2026-05-15", "yet"),
        ("What is on today?", "newest", "..2026-05-15", "today"),
        ("What of today's teens?", "newest", "..2026-05-15", "today"),
        ("What was first reported?", "oldest", "..", "first reported"),
        ("What did it originally cost?", "oldest", "..", "originally"),
        ("What was the toll at first?", "oldest", "..", "at first"),
    ],
)
def test_open_ends_are_read(question: str, kind: str, days: str, words: str) -> None:
    assert read(question) == [(kind, days, words)]


@pytest.mark.parametrize(
    "question",
    [
        "May I ask who it was?", "What may have happened?", "What did Theresa May say?",
        "Who left before May resigned?", "What was the port now known as Pikehithe?",
        "Who will march on Rome?", "Who spoke at the March for Our Lives?", "Who led the Women's March?",
        "How many joined the maternity march?", "What did June Carter sing to August Wilson?",
        "Was Mar-a-Lago searched?",
        "How many of the 12 may die?", "What took a second?", "Who won the 2024 election?", "Who won World Cup 2022?",
        "Who won the 2022 midterms?", "What is Agenda 2030?", "Who directed Blade Runner 2049?",
        "What does the Scotland Act of 1978 say?", "Who was in the class of 2019?",
        "How many are in 2000 homes?",
        "Did 2,000 people march 4 miles?", "Who was in Friday Night Lights?", "What did the Sunday Times say?",
        "What was cut on Black Friday?", "Who won Super Tuesday?", "Who died on Bloody Sunday?",
        "Who cooks Sunday roast?",
        "What is shut every Monday?", "Who led the Jan. 6 committee?", "Who led the January 6, 2021, attack?",
        "What is done every 16 January?", "Now that it is shut, who pays?", "Now, who pays?",
        "Who shot Apocalypse Now?",
        "Who hosts Last Week Tonight?", "Who is on the tonight show?", "Who hosts The Late Late Show?",
        "What is a current account?", "What is the latest it could be held?", "Was it still shut?",
        "So far as I know?",
        "What does USA TODAY say?", "Who sang “Last Christmas” and \"Yesterday\"?", "Who wrote ‘The Latest News’?",
        "What was the last name of the player?", "What was the last year that they won?", "Who came last?",
        "Which was his last year?", "What was the last year of the war?", "Who won the Christmas tree?",
        "What lived 66 million years ago?", "What was frozen 46,000 years ago?", "Is it open on the weekend?",
        "What lost it in the last three minutes of the game?", "Who scored in the fourth quarter?", "Who fell in?",
        "How do I prepare for the winter?", "When did it open?", "", "?", "市長は誰?",
    ],
)  # fmt: skip
def test_names_and_numbers_are_no_time(question: str) -> None:
    assert read(question) == []
    assert not relative(question)
    assert without(question) == question


@pytest.mark.parametrize(
    ("as_of", "words", "days"),
    [
        (date(2026, 5, 11), "last week", "2026-05-04..2026-05-10"),  # a Monday
        (date(2026, 5, 17), "last week", "2026-05-04..2026-05-17"),  # a Sunday: either week is called so
        (date(2026, 5, 11), "this week", "2026-05-05..2026-05-11"),
        (date(2026, 5, 11), "this weekend", "2026-05-09..2026-05-10"),
        (date(2026, 5, 16), "this weekend", "2026-05-16..2026-05-17"),
        (date(2026, 5, 16), "last weekend", "2026-05-09..2026-05-10"),
        (date(2026, 5, 17), "next weekend", "2026-05-23..2026-05-24"),
        (date(2026, 1, 2), "last month", "2025-12-01..2025-12-31"),
        (date(2026, 3, 31), "in the past month", "2026-02-28..2026-03-31"),
        (date(2026, 1, 2), "last quarter", "2025-10-01..2025-12-31"),
        (date(2026, 12, 20), "this winter", "2026-12-01..2027-02-28"),
    ],
)
def test_the_day_of_asking_decides(as_of: date, words: str, days: str) -> None:
    assert read(f"What opened {words}?", as_of) == [("exact", days, words)]


def test_periods_come_in_the_order_of_the_question() -> None:
    question = "What changed in March 2023, since last week and after 12 May, and what is the latest?"
    assert [period.words for period in periods(question, FRIDAY)] == [
        "in March 2023", "since last week", "after 12 May", "latest",
    ]  # fmt: skip
    assert [period.relative for period in periods(question, FRIDAY)] == [False, True, True, True]


def test_two_years_are_two_periods_and_not_a_range() -> None:
    assert [days for _, days, _ in read("Who won in 2022 and in 2024?")] == [
        "2022-01-01..2022-12-31", "2024-01-01..2024-12-31",
    ]  # fmt: skip


def test_capitals_are_read_as_words() -> None:
    assert [words for _, _, words in read("WHAT IS THE LATEST FROM LAST WEEK?")] == ["LATEST", "FROM LAST WEEK"]
    assert [words for _, _, words in read("What is the LATEST poll?")] == ["LATEST"]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Who won this week?", "Who won?"),
        ("This week, who won?", ", who won?"),
        ("What is the latest count of geese?", "What is the count of geese?"),
        ("How many have come in the last 12 months?", "How many have come?"),
        ("What did he say last Tuesday?", "What did he say Tuesday?"),
        ("What has she said since 3 May?", "What has she said 3 May?"),
        ("Who won in March 2023?", "Who won in March 2023?"),
        ("Who won in 1998?", "Who won in 1998?"),
    ],
)
def test_words_that_only_the_day_of_asking_gives_a_meaning_are_taken_out(question: str, left: str) -> None:
    assert without(question) == left


@pytest.mark.parametrize(
    "question",
    ["Who won today?", "Who is on tonight?", "What opens tomorrow?", "Who is it now?", "Who is currently mayor?",
     "What is the newest poll?", "Who recently left?", "Is it still shut?", "Is it open yet?", "Who won this season?",
     "What happened last week?", "What is on next Friday?", "What did he say yesterday?", "How many so far?"],
)  # fmt: skip
def test_a_question_that_hangs_on_the_day_is_told(question: str) -> None:
    assert relative(question)


@pytest.mark.parametrize("question", ["Who won in March 2023?", "Who won the 2024 election?", "Who won?", "", "'"])
def test_a_question_that_does_not_is_told(question: str) -> None:
    assert not relative(question)


@pytest.mark.parametrize(
    ("question", "relation", "words"),
    [
        ("What did Rhett say before the election?", "before", "the election"),
        ("What happened after the storm, and why?", "after", "the storm"),
        ("What has changed since the bridge closed?", "since", "the bridge closed"),
        ("Following the attack on Salman Rushdie last week, who spoke?", "after", "the attack on Salman Rushdie"),
        ("What was the strongest gust during Storm Ottoline?", "during", "Storm Ottoline"),
        ("Who was mayor before Odile Tranter took office in 2018?", "before", "Odile Tranter took office"),
        ("What did she do after taking office?", "after", "taking office"),
        ("How many were held during the current protests?", "during", "the current protests"),
        ("Ahead of the vote who led?", "before", "the vote"),
    ],
)
def test_an_event_that_dates_the_question_is_found(question: str, relation: str, words: str) -> None:
    event = event_of(question)
    assert event == Event(relation, words, event.span if event else (0, 0))
    assert event is not None
    assert question[event.span[0] : event.span[1]].endswith(words)


@pytest.mark.parametrize(
    "question",
    ["Who won?", "Who won after 2019?", "What was said before May 3?", "Who is it named after James Webb?",
     "After all?",
     "Since when?", "Who looks after the geese?",
     "What did he say he had been after?", "Who knew before that?", ""],
)  # fmt: skip
def test_what_is_no_event_is_not_taken_for_one(question: str) -> None:
    assert event_of(question) is None


_BITS = (
    "in", "since", "between", "and", "to", "May", "March", "Feb.", "29", "31", "12th", "2025", "1900", "9999", "20-21",
    "last", "next", "this", "the", "week", "weekend", "month", "season", "decade", "999", "years", "ago", "few", "past",
    "early", "the end of", "Monday", "Christmas", "winter", "Q4", "will", "was", "latest", "now", "still", "today",
    "before", "after", "by", "until", "onwards", ",", "'s", "’", "“", "\"", "?", "the 1990s", "first half of", "İ", "ſ",
    "\u00a0", "-", "year",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_BITS), max_size=12).map(" ".join))
DAYS = st.one_of(st.dates(), st.sampled_from([date.min, date.max, date(2024, 2, 29)]))


@given(TEXTS, DAYS)
def test_any_text_can_be_read_on_any_day(question: str, as_of: date) -> None:
    end = 0
    for period in periods(question, as_of):
        start, after = period.span
        assert end <= start < after
        assert question[start:after] == period.words
        assert period.first is None or period.last is None or period.first <= period.last
        if period.kind is When.NEWEST:
            assert period.last == as_of
            assert period.relative
        end = after


@given(TEXTS)
def test_any_text_can_be_asked_for_its_events_and_its_other_words(question: str) -> None:
    event = event_of(question)
    assert event is None or question[event.span[0] : event.span[1]].endswith(event.words)
    assert without(question) == question or len(without(question)) < len(question)
    relative(question)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_what_has_been_is_not_after_the_day_of_asking(as_of: date) -> None:
    for words in ("on Monday", "last Friday", "last week", "last month", "over the weekend", "three weeks ago"):
        [period] = periods(f"What happened {words}?", as_of)
        assert period.first is not None
        assert as_of - timedelta(days=62) <= period.first <= as_of


@pytest.mark.parametrize(
    "words", ["May 3 ", "since the ", "last ", "“", '"', "‘a", "' ", "1", "2000 to ", "after a-", "a.b"]
)
def test_a_question_as_long_as_may_be_is_read(words: str) -> None:
    question = (words * 2000)[:2000]
    periods(question, FRIDAY)
    event_of(question)
    without(question)


@pytest.mark.parametrize(
    ("question", "left"),
    [("What is the latest on the bell?", "What is the        on the bell?"),
     ("What happened to the ferry last month?", "What happened to the ferry           ?"),
     ("Who resigned in March 2023?", "Who resigned in March 2023?"),
     ("Who resigned last Tuesday?", "Who resigned last Tuesday?"),
     ("Who sold the last tuba?", "Who sold the last tuba?")],
)  # fmt: skip
def test_words_that_only_date_a_question_are_blanked_where_they_stand(question: str, left: str) -> None:
    assert blanked(question) == left
