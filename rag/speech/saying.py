"""Verbs of saying, and the words between them and whoever speaks."""

import re

_PLAIN = """
accused accuses acknowledged acknowledges acknowledging add added adding adds admits admitted admitting advised
advises agreed agrees alleged alleges announced announces announcing answered answers argued argues arguing asked
asking asks asserted asserts assured begged believed believes blasted boasted branded called calling calls captioned
cautioned cautions chanted chimed cited claimed claiming claims commented commenting comments complained complaining
complains conceded concedes concluded concludes condemned condemns confirmed confirming confirms contended contends
continued continues countered counters cried cries criticised criticized declared declares declaring deemed demanded
demands demurred denied denies denounced described describes describing dismissed dismisses dubbed elaborated emailed
emphasised emphasized emphasizes emphasizing enthused estimated estimates exclaimed explained explaining explains
expressed gushed hailed hails insisted insisting insists interjected joked jokes joking labeled labelled lamented
laments laughed laughs maintained maintains marveled marvelled murmured mused muses muttered noted notes noting
observed observes offered opined ordered pleaded pleads pledged posted posting praised praises predicted predicts
promised promises quipped quips recalled recalling recalls recounted recounts reflected reflects reiterated reiterates
remarked remarking remarks repeated replied replies replying responded responding responds retorted revealed reveals
said sang say saying says shared shouted shouting shouts sighed sighs sings slammed snapped stated states stating
stressed stresses stressing suggested suggests summed teased tell telling tells testified testifies texted thanked
thinks thought told tweeted tweeting tweets urged urges urging vowed vowing vows warned warning warns whispered write
writes writing wrote yelled yelling yells
"""
_VERBS = "|".join(sorted(set(_PLAIN.split()), key=len, reverse=True))
VERB = rf"(?:{_VERBS})"

_STRICT = """
acknowledged added adds admits admitted agreed alleged announced argued argues asked asks asserted believes claimed
claims commented complained conceded concluded confirmed confirms contends continued declared denied emphasised
emphasized estimated estimates explained explains insisted insists joked maintained noted notes observed pledged
posted predicted promised quipped recalled reiterated remarked replied responded revealed said say says shouted stated
states stressed suggested tells testified thinks told tweeted vowed warned warns writes wrote yelled
"""
STRICT = rf"(?:{'|'.join(sorted(set(_STRICT.split()), key=len, reverse=True))})"
"""Verbs after which something is reported, in words of one's own or another's."""

ABBREVIATED = (
    r"\b(?:Mr|Mrs|Ms|Dr|Reps?|Sens?|Gov|Gen|Lt|Col|Sgt|Cpl|Capt|Cmdr|Prof|Rev|St|Jr|Sr|Maj|Adm|Insp|Supt|Cllr|[A-Z])\."
)
"""A word whose full stop ends no sentence."""
ADVERBS = (
    r"(?:(?:also|later|then|once|again|even|just|has|had|have|would|will|did|was|is|were|are|been|always|never|not|further|"
    r"himself|herself|themselves|both|all|still|since|first|reportedly|(?!family|assembly|only|ally)[a-z]+ly) )*"
)
TAIL = re.compile(
    rf"(?P<alone>(?:[\w.’'-]+ ){{1,6}}?{VERB}[.,;:]|{VERB} (?:[\w.’'-]+ ?){{1,6}}[.,;])|(?:[\w.’'-]+ ){{1,6}}?{VERB}\b"
)
"""What goes on after a quotation that ended: "Holt said." alone, or with more after it."""
