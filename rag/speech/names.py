"""Words of names: titles before them, what bodies and places have in theirs, whose a first name is."""

import re
from functools import lru_cache

from rag.speech.firstnames import MEN, MEN_IN_A, WOMEN
from rag.speech.lines import BLOTS

_TITLES = """
mr mrs ms miss dr sir dame lord lady mayor president vice-president vice minister secretary senator sen rep reps
representative congressman congresswoman gov governor premier chancellor king queen prince princess pope cardinal
archbishop bishop rev reverend father pastor rabbi imam judge justice attorney prosecutor general gen lt lieutenant
col colonel maj major capt captain sgt sergeant cpl cmdr commander adm admiral brigadier chief sheriff deputy
officer detective inspector superintendent constable commissioner councillor cllr councilman councilwoman
councilmember alderman professor prof chairman chairwoman chair chairperson ceo cfo coo cto director manager coach
editor speaker leader ambassador spokesman spokeswoman spokesperson analyst actor actress singer rapper comedian
author host presenter striker midfielder defender goalkeeper forward quarterback bandmaster engineer administrator
founder co-founder executive attorney-general solicitor treasurer envoy economist scientist historian skipper pilot
baker driver first democrat republican democratic prime foreign interior defense defence finance health home state
press assistant associate deputy-director acting former ex-president ex-mayor sister brother uncle aunt cousin wife
husband daughter son mother
"""
TITLES = frozenset(_TITLES.split())
"""What is set before a name to say what somebody is, in lower case."""
_QUALIFIERS = "former first acting prime foreign interior defense defence finance health home press"
_QUALIFYING = frozenset(_QUALIFIERS.split())
_NEVER = """
a an the in on at by for from of to with and but or nor so yet if when while as since after before because though
although he she it they we you i his her its their our my your this that these those there here then now who what
where why how which not no yes all some many most more both each every another other others one two three four five
six seven eight nine ten besides asked speaking according meanwhile however also still even just only once during
under over between among despite without monday tuesday wednesday thursday friday saturday sunday january february
march april may june july august september october november december today yesterday tomorrow is was are were be
been has have had do does did will would can could should let like unlike via per about around against into through
earlier later last next read watch see related sign photo image video advertisement updated published source
correction
"""
NO_NAME = frozenset(_NEVER.split())
"""Words that begin with a capital for other reasons than being a name."""
_BODIES = """
party union ministry university college group inc corp council house court committee commission agency department
office bureau board company club association institute foundation center centre bank police service times post news
network government parliament senate congress kremlin army force forces navy hospital school church league team
fund trust society organization organisation alliance federation coalition authority administration states kingdom
city county street avenue road river lake island bridge park stadium airport museum hall award awards cup prize act
bill law week day war world america europe china russia ukraine britain england scotland wales ireland france
germany israel iran india reuters bbc cnn nbc abc cbs fox guardian journal tribune herald telegraph magazine press
media radio tv facebook twitter instagram tiktok google apple amazon microsoft meta tesla llc ltd plc partners
capital holdings studios records airlines united athletic rovers wanderers town band campaign history month courier
fc afc lane quay harbour harbor square
"""
_ORGS = frozenset(_BODIES.split())
ROLE = re.compile(r"(?:er|or|ist|man|woman|ian|ant|hand|ron|ee|person|chief|head|crew)$")
"""How words for what people do mostly end."""
_WOMENS_ENDING = re.compile(
    r"\w(?:ia|ina|ella|etta|anna|essa|issa|ora|ara|ula|ika|ena|ela|ila|etra|isha|wyn|ette|elle)$"
)
_MEN = "mr sir lord king prince father pope congressman chairman spokesman councilman"
_WOMEN = "mrs ms miss dame lady queen princess congresswoman chairwoman spokeswoman actress councilwoman"
HONORIFICS = {
    **dict.fromkeys(_MEN.split(), "m"),
    **dict.fromkeys(_WOMEN.split(), "f"),
}
"""Titles that tell whether a man or a woman is meant."""


@lru_cache(maxsize=65536)
def tidy(name: str) -> str:
    """Return a name on one line, without what is blotted out, full stops at its end and the ending of a possessive."""
    bare = re.sub(f"[{BLOTS}]+", " ", name)
    return re.sub(r"['’]s?$", "", " ".join(bare.split()).rstrip(".,&")).rstrip(".,")


def without_title(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Part a run of capitals into what is set before a name, its title, and the name."""
    last = -1
    for place, token in enumerate(tokens[:-1]):
        word = token.lower().rstrip(".,").removesuffix("’s").removesuffix("'s")
        if word in TITLES or re.search(r"-?(?:general|elect|man|woman|chair|leader|director)$", word):
            last = place
            if tokens[place + 1].lower() in {"of", "for"} and place + 3 < len(tokens):
                last = place + 2 + (tokens[place + 2].lower() == "the")
        elif token.endswith(("’s", "'s")):
            last = max(last, place)
    return tokens[: last + 1], tokens[last + 1 :]


def gender_of(first: str) -> str:
    """Return m or f by a first name, or nothing."""
    word = first.lower()
    if word in MEN or word in WOMEN:
        return "" if word in MEN and word in WOMEN else "m" if word in MEN else "f"
    return "f" if _WOMENS_ENDING.search(word) and word not in MEN_IN_A else ""


def ends_in_title(words: list[str]) -> bool:
    """Tell whether the last is a title and no surname: "the California Democrat", but not "Larry King"."""
    return words[-1].lower().rstrip(".") in TITLES and not (len(words) > 1 and gender_of(words[0]))


def is_title(words: str) -> bool:
    """Tell whether words are set before a name to say what somebody is: "Mayor", "Former Prime Minister", "Baker"."""
    *before, last = words.lower().split() or [""]
    last = last.rstrip(".")
    return (last in TITLES and last not in _QUALIFYING) or (not before and bool(ROLE.search(last)))


def is_org(name: str) -> bool:
    """Tell whether a name has a word of a body's or place's name."""
    words = name.lower().split()
    return any(word.rstrip("s.,") in _ORGS or word.rstrip(".,") in _ORGS for word in words) or name.isupper()
