"""Verbs of saying, and how whoever speaks is set beside them. Patterns over text whose quotations are blotted out."""

import re

_PLAIN = """
said says say saying told tells tell telling added adds add adding wrote writes write writing asked asks asking
replied replies replying tweeted tweets tweeting posted posting recalled recalls recalling explained explains
explaining continued continues insisted insists insisting argued argues arguing warned warns warning claimed claims
claiming stated states stating noted notes noting joked jokes joking announced announces announcing declared
declares declaring admitted admits admitting confirmed confirms confirming concluded concludes quipped quips
remarked remarks remarking observed observes commented commenting stressed stresses stressing emphasized emphasised
emphasizes emphasizing suggested suggests acknowledged acknowledges acknowledging conceded concedes responded
responds responding shouted shouts shouting yelled yells yelling cried cries laughed laughs sighed sighs whispered
murmured muttered exclaimed lamented laments complained complains complaining boasted urged urges urging vowed vows
vowing pledged promised promises predicted predicts reflected reflects recounted recounts mused muses opined
alleged alleges testified testifies reiterated reiterates repeated countered counters retorted snapped chimed
chanted read reads reported reports denied denies maintained maintains described describes describing called calls
calling labeled labelled dubbed branded slammed blasted praised praises hailed hails denounced condemned condemns
criticised criticized dismissed dismisses asserted asserts contended contends revealed reveals cautioned cautions
advised advises assured estimated estimates pleaded pleads answered answers demanded demands ordered begged shared
teased demurred interjected enthused gushed marvelled marveled agreed agrees offered thinks thought believes
believed thanked accused accuses cited summed deemed texted emailed elaborated expressed
"""
_VERBS = "|".join(sorted(set(_PLAIN.split()), key=len, reverse=True))
VERB = rf"(?:{_VERBS})"

_STRICT = """
said says say told tells added adds wrote writes asked asks replied tweeted posted recalled explained explains
continued insisted insists argued argues warned warns claimed claims stated states noted notes joked announced
declared admitted admits confirmed confirms concluded quipped remarked observed commented stressed emphasized
emphasised suggested acknowledged conceded responded shouted yelled predicted alleged testified reiterated
estimates estimated maintained denied revealed believes thinks contends asserted vowed promised pledged complained
agreed
"""
STRICT = rf"(?:{'|'.join(sorted(set(_STRICT.split()), key=len, reverse=True))})"
"""Verbs after which something is reported, in words of one's own or another's."""

_OF_SOMEBODY = """
dubbed called calls calling labeled labelled branded slammed blasted praised praises hailed hails denounced condemned
condemns criticised criticized dismissed dismisses deemed accused thanked cited described describes
"""
TRANSITIVE = re.compile(rf"(?:{'|'.join(_OF_SOMEBODY.split())})\Z")
"""Verbs that whoever speaks never follows: what is named after them is what they speak of."""

CAP = (
    r"(?:(?:[A-Z]\.){1,4}|(?:Mr|Mrs|Ms|Dr|Prof|Rev|Reps?|Sens?|Gov|Gen|Lt|Col|Maj|Sgt|Capt|Cpl|Cmdr|Adm|Supt|Insp|Det|"
    r"St|Jr|Sr|Hon|Cllr)\.(?:-elect)?|[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'&\ue000-\ue003-]*(?:\.\w+)*)"
)
"""A word of a name; what is blotted out within is a nickname."""
PARTICLE = r"(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|ibn|al|el|ben|ter|ten|y)"
_SPACE = r"[ \u00a0]"
NAMED = (
    rf"(?:(?:al-|el-|d’|d'|de |van |von )?{CAP}"
    rf"(?:{_SPACE}(?:(?:{PARTICLE}{_SPACE}){{0,2}}(?:al-|el-)?{CAP}|[\ue000-\ue003]+(?={_SPACE}[A-Z])|&))*)"
)
"""A run of words that begin with capitals."""
RUN = re.compile(rf"{CAP}(?:{_SPACE}(?:{PARTICLE} )*(?:{CAP}|[\ue000-\ue003]+(?= [A-Z])))*\Z")
"""A name at the end of a text."""
_ADVERB = (
    r"(?:also|later|then|once|again|previously|\w+ly|has|have|had|would|will|did|does|do|could|might|may|often|first|"
    r"himself|herself|themselves|instead|recently|repeatedly|simply|openly|never|not|further|already|even|just|"
    r"and|was|is|were|has been|had been|still|always|"
    r"told \w+ and|only|sometimes|soon|afterwards?|earlier|since)"
)
ADVERBS = re.compile(rf"(?:,?\s{_ADVERB}(?:\s{_ADVERB}){{0,3}})?,?\s*\Z")
TAIL = re.compile(
    rf"[,—–-]*\s*(?:(?P<inverted>{VERB})\s(?=[A-Za-z])|"
    rf"(?:he|she|they|I|we|{NAMED}|(?:the|a|an|one)\s[\w’' -]{{2,60}}?)"
    rf"\s(?:(?:also|later|then|\w+ly|has|had|would|once)\s){{0,2}}{VERB}\b(?P<alone>[^.?!\ue000-\ue003]{{0,60}}\.)?)"
)
"""What follows a quotation and says whose it is: "said Ana Holt", "Ana Holt said". Read from where the marks end."""
