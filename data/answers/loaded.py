"""What has been sent in, by whom, and which of it is only illustrative."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.opened import reading
from data.catalogue import ics, indicators, pages, registers
from data.catalogue.signing import sign_off_words
from data.store.released import select_illustrative, select_release_revisions
from data.store.submissions import select_submissions

COLUMNS: Final = [
    "publication",
    "supplier",
    "edition",
    "file_name",
    "extract_date",
    "loaded_at",
    "rows_accepted",
    "kind",
    "sign_off",
    "illustrative",
    "sha256",
]


def loaded() -> Answer:
    """List the files whose figures are current."""
    with reading() as connection:
        files = select_submissions(connection, current=True)
        released = select_release_revisions(connection)
        invented = select_illustrative(connection, [ics().icb.code, *(place.code for place in ics().lads)])
        files = files.assign(extract_date=files["extract_date"].fillna(""), loaded_at=files["loaded_at"].str[:10])
        files["kind"] = files["illustrative"].map({True: "Illustrative, not real", False: "Real"})
        files["sign_off"] = [
            sign_off_words(one["source_id"], one["signed_off_at"], illustrative=bool(one["illustrative"]))
            for one in files.to_dict("records")
        ]
        table = pd.DataFrame(files[COLUMNS])
        finding = (
            f"{len(files)} files are loaded; {int(files['illustrative'].sum())} of them are illustrative. "
            f"{len(released)} indicators have figures, {len(invented)} of them illustrative."
        )
        return make_answer(
            connection,
            question="What has been sent in, by whom, and how good is it?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=files["id"],
            people=False,
            labelled=False,
        )


def template_choices() -> list[tuple[str, str]]:
    """List the templates by name and title: the long return by point and page, events, registers."""
    titles = {page.slug: page.title for page in pages()}
    asked_on = dict.fromkeys(one.page for one in indicators() if one.returned_by == "long_return")
    return [
        ("long_return", "Long return: all indicators"),
        *((f"long_return_point_{point}", f"Long return: point {point}") for point in (1, 2, 3)),
        *((f"long_return_{slug}", f"Long return: the page {titles[slug]}") for slug in asked_on),
        ("pathway_events", "Pathway events under pseudonyms"),
        ("published_statistics", "Published figures with a citation each"),
        *((one.id, f"Register: {one.name}") for one in registers()),
    ]
