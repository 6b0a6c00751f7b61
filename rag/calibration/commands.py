"""The command `pullquote calibrate`."""

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from rag.calibration import FILE, Calibration, kept
from rag.files import check_place
from rag.settings import Settings
from rag.terminal import Bar, print_json, say


def calibrate(arguments: Namespace) -> int:
    """Fit the threshold of refusal to the archive, or say what is kept, or forget it."""
    settings = Settings.load(data=arguments.data, model=arguments.model)
    if arguments.reset:
        return _reset(settings, as_json=arguments.json)
    if arguments.show:
        return _show(settings, as_json=arguments.json)
    if arguments.report:
        check_place(Path(arguments.report))
    from index.embed import SentenceTransformerEmbedder
    from rag.calibration.fit import calibrate as fit
    from rag.calibration.report import table, write_report
    from rag.retrieve import Retriever

    retriever = Retriever(settings, SentenceTransformerEmbedder(settings.model))  # whatever was kept before
    with Bar() as bar:
        made = fit(
            retriever,
            risk=arguments.risk,
            count=arguments.count,
            allow_lower=arguments.allow_lower,
            progress=bar.show,
        )
    if arguments.report:
        write_report(Path(arguments.report), made)
    found = made.calibration
    if arguments.json:
        print_json(_printed(found))
        return 0
    say(f"{found.questions} questions drafted from {found.articles:,} articles, each asked twice: as it is, and with")
    say("every article left out that is likely to answer it.\n")
    say("refuse    answered, of those    answered, of those    wrong, of")
    say("below     that can be           that cannot           the answers")
    for point, said in table(made):
        line = f"{point.threshold:<8.4g}  {point.answered:<20.3f}  {point.invented:<20.3f}  {point.risk:<11.3f}  {said}"
        say(line.rstrip())
    say(f"\n{found.summary}")
    say(f"Answers from {settings.data} are refused below {found.refuse_below:g} from now on.")
    _overruled(settings)
    return 0


def _show(settings: Settings, *, as_json: bool) -> int:
    found = kept(settings.data)
    if as_json:
        print_json(_printed(found) if found else None)
    elif found is None:
        say(f"{settings.data}: no calibration is kept; answers are refused below {settings.refuse_below:g}.")
    else:
        say(f"Refused below {found.refuse_below:g}, fitted on {found.made:.10s} by {found.questions} questions drafted")
        say(f"from {found.articles:,} articles, with {found.model}. {found.summary}")
        _overruled(settings)
    return 0


def _reset(settings: Settings, *, as_json: bool) -> int:
    file = settings.data / FILE
    there = file.is_file()
    file.unlink(missing_ok=True)
    if as_json:
        print_json({"reset": there})
    else:
        now = f"answers are refused below {settings.refuse_below:g}"
        say(f"{settings.data}: {'forgotten' if there else 'no calibration was kept'}; {now}.")
    return 0


def _overruled(settings: Settings) -> None:
    if "refuse_below" in settings.model_fields_set:
        say(f"note: refuse_below is set to {settings.refuse_below:g}, which goes before it.", error=True)


def _printed(found: Calibration) -> dict[str, object]:
    return {name: value for name, value in asdict(found).items() if name != "sketch"}
