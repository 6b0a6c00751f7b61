"""A little English: verbs and their base forms, numbers, dates, names. For what is read without a model.

Closed lists, so that what is made of them is right: a verb that is not in them makes no question. Pure functions.
"""

import re
from collections import Counter
from collections.abc import Iterable

_REGULAR = """
abandon accept acquire adopt air announce appoint approve arrest arrive attack attend attract ban+ borrow cancel
capture carry cause claim climb close collect complete confirm contain convict crash create damage debut decline defeat
deliver demand deny deploy destroy detain determine develop die discover displace donate double drop+ earn employ end
enter erupt evacuate exceed execute expand expel+ expire fail feature file fire finish gain generate graduate grant
happen hire host identify impose include increase injure install introduce invest issue join jump kill land last launch
lease list live lower manufacture marry miss move need occur offer open order own pass pledge plant play plunge post
premiere process produce promise propose publish purchase raise reach receive record recover reduce reject release
remain remove rename renovate reopen repair replace report represent require rescue resign resume retire return sack
score seize select sentence serve settle ship+ sign slip+ slow start stage stop+ suffer surge survive target test total
travel treat triple tumble unveil use vaccinate vacate visit vote walk want welcome weigh work wound
"""  # + doubles its last letter
_IRREGULAR = """
beat:beat began:begin bought:buy broke:break brought:bring built:build caught:catch cost:cost cut:cut drew:draw
fell:fall flew:fly found:find fought:fight gave:give grew:grow held:hold hit:hit kept:keep laid:lay led:lead left:leave
lost:lose made:make met:meet paid:pay put:put ran:run rose:rise sank:sink sold:sell sent:send set:set shot:shoot
shut:shut spent:spend stole:steal struck:strike taught:teach took:take threw:throw tied:tie vetoed:veto won:win
wore:wear wrote:write
"""
_PARTICIPLES = """
begun bitten born borne bought broken brought built caught chosen cut drawn driven eaten fed forgotten found given
grown held hidden hit hurt kept known laid led left lent lost made met paid put read rewritten run seen sent set shot
shown shut slain sold spent stolen struck sunk sworn taken taught thrown told won worn written
"""
_AUXILIARIES = """
am is are was were be been being has have had do does did will would can could may might shall should must said
"""
_THIRD = """
adds argues believes claims expects means notes reports says shows suggests thinks wants warns
"""
_POINTING = """
he she it they i we you him her them us me who whom whose which that this these those there here such another other
others former latter one ones himself herself itself themselves so what when where why how if whether my our your mine
"""
_JOINING = """
and but or nor yet because although though while whereas unless until since as than after before when if so
"""
_LEADING = """
about across according after again all-told along also although amid among around as at because before besides between
but by despite down during earlier even for from given however if in inside instead into just last later like
maybe meanwhile near next no not now of off on once only onto or out over overall per perhaps since so still than then
though through throughout to today under unlike until up via when where while with within without yesterday yet and
against
"""
_DETERMINERS = "a an the some both all each every several many most few no"
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NUMBERS = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty thirty forty fifty sixty seventy eighty ninety
"""
_ABBREVIATED = "Dr Mr Mrs Ms Gov Sen Rep Lt Sgt Capt Cmdr Prof Gen Rev Col"
_TITLES = """
Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Captain|Judge|Justice|President|Mayor|Professor|Sheriff|Inspector|Detective
Officer|Manager|Prime Minister|Secretary|Commissioner|Police Chief|Chief|Chair|Coach|Councillor|Senator|Governor
Attorney General|Attorney|General|Superintendent|Deputy|Pastor|Bishop|Father|Sister|King|Queen|Prince|Princess|Pope
Director|Editor|Bandmaster|Engineer|Skipper|Driver|Singer|Author|Republican|Democrat
"""

PARTICIPLES = frozenset(_PARTICIPLES.split())
AUXILIARIES = frozenset(_AUXILIARIES.split())
POINTING = frozenset(_POINTING.split())
"""Words that stand for something said elsewhere, or that open another clause."""
JOINING = frozenset(_JOINING.split())
LEADING = frozenset(_LEADING.split())
"""Words that begin something else than a subject."""
DETERMINERS = frozenset(_DETERMINERS.split())
CALENDAR = frozenset(f"{_MONTHS} {_DAYS}".split())

_MONTH = rf"(?:{_MONTHS.replace(' ', '|')}|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
_YEAR = r"(?:1[89]|20)\d\d"
DATE = rf"(?:{_MONTH} \d{{1,2}}(?:, {_YEAR})?|\d{{1,2}} {_MONTH}(?: {_YEAR})?|{_MONTH} {_YEAR}|{_YEAR})(?![\d%-])"
"""A day, a month with its year, or a year, as newspapers write them."""
_WORDED = "|".join([*_NUMBERS.split(), *_NUMBERS.title().split()])
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_ONES = "-(?:one|two|three|four|five|six|seven|eight|nine)"
NUMBER = rf"(?:{_DIGITS}(?: (?:million|billion|trillion))?|(?:{_WORDED})(?:{_ONES})?)"
MONEY = rf"(?:[$£€]{_DIGITS}(?: (?:thousand|million|billion|trillion))?)"
COUNTED = rf"(?:\b{_DIGITS}(?:%| (?:million|billion)\b)|\b{_DIGITS}(?= [a-z]{{3,}}))"
"""A share or a large number, or a number of something."""
ABOUT = (
    r"(?:about|nearly|more than|at least|an estimated|almost|some|around|over|up to|just over|just under|just|only|"
    r"roughly|approximately|close to|a record|fewer than|less than|a total of|another)"
)
NAME = r"(?:[A-Z][a-zà-ÿ]+(?:[-’'][A-Z]?[a-zà-ÿ]+)*)"
"""One word of a name."""
_PARTICLE = r"(?:(?:van|von|de|del|der|den|la|bin|al|Mc|Mac) )"
PERSON = rf"(?:{NAME} (?:[A-Z]\. )?{_PARTICLE}*(?:Mc|Mac|O’|O')?{NAME}(?: {NAME})?)"
TITLE = rf"(?:(?:(?:{_ABBREVIATED.replace(' ', '|')})\.|{'|'.join(_TITLES.split(chr(10))).strip('|')}) )"


def _pasts() -> dict[str, str]:
    made = dict(pair.split(":") for pair in _IRREGULAR.split())
    for word in _REGULAR.split():
        base = word.rstrip("+")
        past = f"{base}{base[-1]}ed" if word.endswith("+") else f"{re.sub(r'(?<=[^aeiou])y$', 'i', base).rstrip('e')}ed"
        made.setdefault(past, base)
    return made


PASTS: dict[str, str] = _pasts()
"""Past forms of verbs that news uses, and their base forms."""
_VERBS = {*PASTS, *AUXILIARIES, *PARTICIPLES, *_THIRD.split()}
_VERBS |= {f"{base}{'es' if base.endswith(('s', 'sh', 'ch', 'x')) else 's'}" for base in PASTS.values()}


def is_verb(word: str) -> bool:
    """Tell whether a word, in lower case, is or may well be a finite verb or a participle."""
    return word in _VERBS or (word.endswith("ed") and len(word) > len("aged"))


class Cases:
    """How words are written in an archive where no sentence begins: what tells a name from a common word."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Count the words of `texts`."""
        self._upper: Counter[str] = Counter()
        self._lower: Counter[str] = Counter()
        self._after_in: Counter[str] = Counter()
        for text in texts:
            for word in re.findall(r"(?<=[a-z,;] )[^\W\d_][\w’'-]*", text):
                (self._upper if word[0].isupper() else self._lower)[word.lower()] += 1
            self._after_in.update(re.findall(rf"\b[Ii]n ({NAME}(?: {NAME})?)", text))

    def is_name(self, word: str) -> bool:
        """Tell whether a word that is written with a capital letter is a name wherever it stands."""
        plain = re.sub(r"['’]s?$", "", word.lower())
        return word[:1].isupper() and self._upper[plain] > self._lower[plain]

    def is_place(self, words: str) -> bool:
        """Tell whether a name is one that the archive writes after "in" more than once, so that things can be there."""
        return self._after_in[words] > 1 and words.split()[0] not in CALENDAR

    def inside(self, text: str) -> str | None:
        """Return the beginning of a sentence as it is written within one; None where that cannot be told."""
        first, _, rest = text.partition(" ")
        if first.lower() in DETERMINERS or first[:1].isdigit() or first[:1] in "$£€":
            return f"{first.lower()} {rest}".strip()
        lower, upper = self._lower[first.lower()], self._upper[first.lower()]
        if upper > lower or (rest[:1].isupper() and not lower):
            return text
        if rest[:1].isupper() and first != "Former":  # Mound Bayou, or Boats Unlimited: part of a name, or not
            return None
        return f"{first[:1].lower()}{first[1:]} {rest}".strip() if lower > upper else None
