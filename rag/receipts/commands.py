"""The command `pullquote verify`."""

from argparse import Namespace
from pathlib import Path

from index.errors import ReceiptError
from rag.receipts import read_receipt
from rag.receipts.check import QuoteCheck, Standing, Verification
from rag.receipts.check import verify as check
from rag.settings import Settings
from rag.terminal import print_json, say

_SHOWN_CHARS = 200


def verify(arguments: Namespace) -> int:
    """Check receipts against the archive; exit with 1 where one does not hold, or cannot be read."""
    from index.reader import open_version

    index = open_version(Settings.load(data=arguments.data).data)
    code, made = 0, []
    for file in arguments.receipts:
        try:
            receipt, sealed = read_receipt(Path(file))
        except ReceiptError as error:  # the others are checked all the same
            code = 1
            say(f"error: {error}", error=True)
            made.append({"file": file, "holds": False, "error": str(error)})
            continue
        found = check(receipt, index, sealed=sealed)
        code = code if found.holds else 1
        made.append({"file": file, **found.to_json()})
        if not arguments.json:
            _print(file, found)
    if arguments.json:
        print_json(made)
    return code


def _print(file: str, found: Verification) -> None:
    receipt = found.receipt
    day = f", as of {receipt.searched.as_of}" if receipt.searched.as_of else ""
    say(f"{file}: {receipt.question}\n  asked {receipt.asked_at:%Y-%m-%d %H:%M} UTC{day}; {receipt.program}")
    if not found.sealed:
        say("  ALTERED  the receipt was changed after it was written: its own sha256 does not hold")
    for each in found.checks:
        _print_check(each)
    if receipt.refused:
        say(f"  The answer was that {receipt.searched.articles:,} articles do not say. Nothing was quoted.")
    if found.same_archive is False:
        say("  The archive holds other articles than then" + (": ask again." if receipt.refused else "."))
    counts = ", ".join(f"{count} {name}" for name, count in found.counts.items() if count)
    say(f"  {'holds' if found.holds else 'DOES NOT HOLD'}{f': {counts}' if counts else ''}\n")


def _print_check(each: QuoteCheck) -> None:
    quoted = each.quoted
    name = each.standing.value if each.standing is Standing.THERE else each.standing.value.upper()
    say(f"  {name:8s} “{_shown(quoted.text)}”")
    when = f"{quoted.published.day} {quoted.published:%b %Y}" if quoted.published else "date unknown"
    place = f"{quoted.article_id} [{quoted.start}, {quoted.end})"
    say(f"  {'':8s} {quoted.publisher or 'publisher unknown'}, {when}; {place}")
    if each.standing is not Standing.THERE:
        say(f"  {'':8s} {each.says}")
    if each.standing is Standing.CHANGED and each.now:
        say(f"  {'':8s} now, at {each.now.start}: “{_shown(each.now.text)}”")


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN_CHARS else f"{words[: _SHOWN_CHARS - 1]}…"
