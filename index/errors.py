"""Every error that Pullquote raises on purpose.

PullquoteError
├── SettingsError        a setting is unknown or has an impossible value   (fix: whoever configured it)
├── LoadError            one file or record cannot become an article       (fix: whoever owns the file)
├── FetchError           an address may not or cannot be fetched           (fix: whoever named it, or its server)
│   └── FetchLater       its server is out of reach or overloaded now      (fix: build again later)
├── NothingToIndex       the sources hold no article at all                (fix: whoever named the sources)
├── ModelError           the embedding model is missing, altered or wrong  (fix: whoever installed it)
│   └── ModelMismatch    the index was built with another model            (fix: rebuild, or name that model)
├── IndexMissing         there is no index in this data folder             (fix: build one)
├── IndexDamaged         a file of the index is not what was written       (fix: rebuild; the catalog has everything)
├── BuildLocked          another build is writing this data folder         (fix: wait)
├── ArticleUnknown       no article of this id is in the index             (fix: whoever named it)
├── ChatError            a conversation cannot be loaded or gone on with   (fix: whoever named it)
├── NotebookError        what was kept cannot be read, or is not there     (fix: whoever named it)
├── QuestionError        the question cannot be searched for               (fix: whoever asked)
├── ReceiptError         a file is no receipt that can be checked          (fix: whoever named it)
└── SpanError            start and end are not a place in the article      (fix: the calling code)

Messages say what is wrong with the value in hand, and what to do about it.
"""


class PullquoteError(Exception):
    """Base of all errors that a caller may want to show to a person."""


class SettingsError(PullquoteError):
    """A setting is unknown or has a value that cannot be used."""


class LoadError(PullquoteError):
    """One file or record cannot become an article; the rest of its batch goes on."""


class FetchError(PullquoteError):
    """An address is not one that may be fetched, or nothing usable comes from it; the rest of its batch goes on."""


class FetchLater(FetchError):
    """A server is out of reach or overloaded; asking again later may help."""


class NothingToIndex(PullquoteError):
    """The named sources hold no article, so there is nothing to publish."""


class ModelError(PullquoteError):
    """The embedding model is missing, altered, or not one that can be used."""


class ModelMismatch(ModelError):
    """The index was built with another embedding model than the one configured."""


class IndexMissing(PullquoteError):
    """The data folder holds no published index."""


class IndexDamaged(PullquoteError):
    """A file of the index is missing or differs from what was written."""


class BuildLocked(PullquoteError):
    """Another process is building in this data folder."""


class ArticleUnknown(PullquoteError):
    """The index holds no article of the id that was named."""


class ChatError(PullquoteError):
    """A file is no conversation that can be loaded, or a conversation cannot go on in the way that was asked for."""


class NotebookError(PullquoteError):
    """The file of what was kept cannot be read or written, or holds nothing of the id that was named."""


class QuestionError(PullquoteError):
    """The question is empty, or too long to be a question."""


class ReceiptError(PullquoteError):
    """The file holds no receipt of an answer, or one that this program cannot read."""


class SpanError(PullquoteError):
    """The offsets do not name a place in the article's text."""
