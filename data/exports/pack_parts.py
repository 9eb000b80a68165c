"""A board pack laid out: cover, overview, scorecard, the chosen questions, commitments, method and sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from data.answers.answer import Answer, SourceLine
from data.catalogue import disclosure, ics, indicators
from data.catalogue.board_paper import Part, board_paper
from data.catalogue.scorecard_rules import scorecard_rules
from data.exports.naming import labelled
from data.exports.pack import Block, Entry, Heading, Items, Pack, Picture, Table, Text, data_hash
from data.exports.pack_tables import how_much, kept_rows, paper_table, right_of, widths_of
from data.exports.pictures import picture_of
from data.exports.sheets import BANNER
from data.exports.table import SHORTHAND

END: Final = "This is the end of the paper."
NO_CONTENT: Final = "Nothing is shown here, because there are no data yet."
ALL_INVENTED: Final = "ILLUSTRATIVE: the figures of this part are invented, in whole or in part."
#: The statuses that a board asks about, in the order in which it does.
PRESSING: Final = ("Off track", "Progressing", "Met")
ASKS: Final = {
    "ask": "",
    "measure": "Measured by",
    "figure": "Newest figure",
    "period": "",
    "target": "Level",
    "status": "",
}
PROMISES: Final = {
    "promise": "",
    "who": "Owner",
    "due_in_words": "Due",
    "status_in_words": "Status",
    "evidence": "",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part that was chosen, and its answer."""

    part: Part
    answer: Answer


@dataclass(frozen=True, slots=True)
class Material:
    """All that a pack is made of; ``fields`` are what somebody wrote for the cover, by the fields' ids."""

    overview: str
    scorecard: Answer
    commitments: Answer
    chosen: tuple[Chosen, ...]
    fields: Mapping[str, str]

    @property
    def answers(self) -> dict[str, Answer]:
        """Every answer in the pack, by its part."""
        named = {one.part.id: one.answer for one in self.chosen}
        return {"scorecard": self.scorecard, **named, "commitments": self.commitments}


def pack_of(material: Material, on: dt.date) -> Pack:
    """Lay a pack out; the same material gives the same pack on the same day."""
    form, answers = board_paper(), material.answers
    fingerprint = data_hash(answers)
    illustrative = any(answer.illustrative for answer in answers.values())
    return Pack(
        title=form.title,
        subtitle=form.subtitle,
        banner=BANNER if illustrative else "",
        cover=tuple(cover_of(material.fields, fingerprint, on)),
        cover_header=("Item", "Entry"),
        blocks=tuple(numbered(blocks_of(material))),
        data_hash=fingerprint,
        on=on,
    )


def pack_name(pack: Pack, suffix: str) -> str:
    """Name a pack's file after its day; an illustrative one says so first."""
    return labelled(f"board-pack-{pack.on.isoformat()}", suffix, illustrative=pack.illustrative)


def cover_of(fields: Mapping[str, str], fingerprint: str, on: dt.date) -> Iterator[Entry]:
    """Give the cover's lines: what was written, an honest prompt where nothing was, and where the data stand."""
    for one in board_paper().fields:
        words = tidy(fields.get(one.id, ""))
        options = board_paper().purposes if one.id == "purpose" else ()
        yield Entry(one.label, words or f"[Not written yet: {one.prompt}]", one.id, bool(words), options)
    yield Entry("Made on", f"{on.day} {on:%B %Y}")
    yield Entry("Data hash", fingerprint)


def tidy(text: str) -> str:
    """Keep what people typed and its lines, without empty ones, needless space and signs that nobody can see."""
    seen = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    lines = (" ".join(line.split()) for line in seen.splitlines())
    return "\n".join(line for line in lines if line)


def numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    """Number sections, tables and figures in reading order."""
    sections = tables = figures = 0
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            sections += 1
            yield Heading(f"{sections}. {block.words}")
        elif isinstance(block, Table):
            tables += 1
            yield Table(f"Table {tables}: {block.caption}", block.header, block.rows, block.widths, block.right)
        elif isinstance(block, Picture):
            figures += 1
            yield Picture(f"Figure {figures}: {block.caption}", block.drawing)
        else:
            yield block


def blocks_of(material: Material) -> Iterator[Block]:
    """Give every block after the contents."""
    yield from overview_part(material)
    yield from scorecard_part(material.scorecard)
    for one in material.chosen:
        if not one.part.whole:
            yield from chosen_part(one)
    yield from commitments_part(material.commitments)
    yield from method_part(material)
    yield from sources_part(material.answers)
    for one in material.chosen:
        if one.part.whole:
            yield from chosen_part(one)
    yield Text(END, "note")


def overview_part(material: Material) -> Iterator[Block]:
    """Say where things stand: the paragraph of the Overview page, and each chosen question in a sentence."""
    yield Heading("Overview")
    yield Text(material.overview or material.scorecard.finding, "finding")
    findings = [f"{one.part.label}: {one.answer.finding}" for one in material.chosen if not one.part.whole]
    yield Items((*findings, f"Commitments: {material.commitments.finding}"))


def scorecard_part(answer: Answer) -> Iterator[Block]:
    """Count the asks by status with the rule for each, and list those with a level or a clear change."""
    yield Heading("Scorecard")
    yield Text(answer.finding, "finding")
    if answer.empty:
        return
    rules: dict[str, list[str]] = {}
    for rule in scorecard_rules().rules:
        rules.setdefault(rule.status, []).append(rule.words)
    counts = answer.table["status"].value_counts()
    rows = tuple((status, f"{counts.get(status, 0):,}", " Or: ".join(words)) for status, words in rules.items())
    yield table_of("Asks by status", ("Status", "Asks", "When it is given"), rows)
    yield Text(scorecard_rules().statement, "note")
    pressing = answer.table.loc[answer.table["status"].isin(PRESSING)]
    if pressing.empty:
        yield Text("No ask is met, progressing or off track.")
        return
    ranks = pressing["status"].map(PRESSING.index).sort_values(kind="stable")
    listed = replace(answer, table=pressing.loc[ranks.index])
    most = board_paper().rows_at_most
    table, _ = paper_table(listed, ASKS, caption="Asks that are off track, progressing or met", most=most)
    yield table
    if said := how_much(len(table.rows), len(pressing), ""):
        yield Text(said, "note")
    yield from notes_of(answer)


def notes_of(answer: Answer) -> Iterator[Text]:
    """Say what a reader must know about one answer, below its table."""
    if answer.notes:
        yield Text(f"Notes: {' '.join(answer.notes)}", "note")


def chosen_part(one: Chosen) -> Iterator[Block]:
    """Show one question: what was found, its picture, and its table."""
    part, answer = one.part, one.answer
    yield Heading(part.label)
    yield Text(answer.question, "question")
    yield Text(answer.finding, "finding")
    if answer.empty:
        if "no data" not in answer.finding.lower():
            yield Text(NO_CONTENT)
        return
    if answer.illustrative and "illustrative" not in answer.finding.lower():
        yield Text(ALL_INVENTED, "illustrative")
    drawing = picture_of(answer)
    if drawing is not None:
        yield Picture(part.label, drawing)
    caption = caption_of(part, answer)
    table, said = paper_table(answer, part.headings, caption=caption, order=part.order, most=most_rows(part))
    yield table
    if said:
        yield Text(said, "note")
    yield from notes_of(answer)


def most_rows(part: Part) -> int | None:
    """Say how many rows of a part are printed; None stands for all of them."""
    return None if part.whole else board_paper().rows_at_most


def caption_of(part: Part, answer: Answer) -> str:
    """Name a table by what it shows, in which unit and of when."""
    about = ", ".join(one for one in (answer.unit, answer.period) if one)
    return f"{part.label} ({about})" if about else part.label


def commitments_part(answer: Answer) -> Iterator[Block]:
    """List the promises, the overdue and unevidenced first, as their answer orders them."""
    yield Heading("Commitments")
    yield Text(answer.finding, "finding")
    if answer.empty:
        return
    yield Text("Overdue promises come first, and then those without evidence.", "note")
    caption = "What was promised, and where it stands"
    table, said = paper_table(answer, PROMISES, caption=caption, most=board_paper().rows_at_most)
    yield table
    if said:
        yield Text(said, "note")
    yield from notes_of(answer)


def method_part(material: Material) -> Iterator[Block]:
    """Say how figures come about, how small numbers are protected, and what each indicator counts."""
    yield Heading("Method and small numbers")
    yield Items(board_paper().method)
    yield Heading("How small numbers are protected", 2)
    said = dict.fromkeys(answer.disclosure for answer in material.answers.values() if answer.disclosure)
    yield Items(tuple(dict.fromkeys((disclosure().statement, *said))))
    yield Items(tuple(f"{sign} means {words}." for sign, words in SHORTHAND.items()))
    yield from definitions_of(material.chosen)


def definitions_of(chosen: Iterable[Chosen]) -> Iterator[Block]:
    """Say what each indicator counts that a printed row is about."""
    printed = (kept_rows(one.answer, one.part.order, most_rows(one.part)) for one in chosen)
    names = {str(name) for rows in printed if "indicator_id" in rows.columns for name in rows["indicator_id"]}
    rows = tuple(
        (one.name, one.numerator or "nothing: it is given as it is", one.denominator or "nothing: it is a count")
        for one in indicators()
        if one.id in names
    )
    if rows:
        yield Heading("What each figure counts", 2)
        yield table_of("What is counted, and out of what", ("Measure", "Counted", "Out of"), rows)


def sources_part(answers: Mapping[str, Answer]) -> Iterator[Block]:
    """List every file that figures rest on, with its edition, date and fingerprint."""
    yield Heading("Sources")
    lines = dict.fromkeys(line for answer in answers.values() for line in answer.sources)
    yield Text(f"Figures for {ics().label} come from {len(lines):,} files. SHA-256 is a file’s fingerprint.")
    yield Items(tuple(source_words(line) for line in lines))


def source_words(line: SourceLine) -> str:
    """Write a source so that its very file can be found again."""
    label = "ILLUSTRATIVE, not real. " if line.illustrative else ""
    day = f", extracted {line.extract_date.day} {line.extract_date:%B %Y}" if line.extract_date else ""
    return f"{label}{line.supplier}, {line.publication}, {line.edition}{day}.\nSHA-256 {line.sha256}"


def table_of(caption: str, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    """Lay out rows that are text already."""
    return Table(caption, header, rows, widths_of(header, rows), right_of(rows, len(header)))
