"""Fuzz every reader of files in a process of its own: ``fuzz_readers.py FOLDER INPUTS SEED``.

atheris (libFuzzer) chooses what to spoil, and prefers choices that reach lines of the readers that none reached before.
Where atheris is not installed, choices are random. Every 20th file is loaded into a store, which must be as before when
the file is refused. What was found is written to ``FOLDER/found.json``; the fuzzing engine reports to standard error.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
KEPT = 20  # files that crashed a reader are kept
LOADED = 20  # one in so many files is loaded
try:
    import atheris
except ImportError:  # Linux alone has it
    atheris = None

with atheris.instrument_imports(include=["data.sources"]) if atheris else nullcontext():
    from data.sources import READERS, _reader, read_file

    for reader in READERS:
        _reader(reader)

import sqlalchemy as sa  # noqa: E402

from data.errors import DataError  # noqa: E402
from data.intake.loading import load  # noqa: E402
from data.store.engine import open_store, reading  # noqa: E402
from data.store.models import Base  # noqa: E402
from data.store.state import revision  # noqa: E402
from tests.data.sources import fuzz_material  # noqa: E402
from tests.data.sources.test_broken_files import CONTEXT  # noqa: E402


class Fuzzing:
    """One run: what was tried and what was found."""

    def __init__(self, folder: Path, inputs: int) -> None:
        self.folder = folder
        self.inputs = inputs
        self.engine = open_store(f"sqlite:///{folder / 'store.sqlite'}")
        self.tried: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.crashes: list[str] = []
        self.partial: list[str] = []

    def one(self, choose: Callable[[int], int]) -> None:
        """Make one file, read it, and now and then load it."""
        number = choose(fuzz_material.kinds())
        sent = fuzz_material.spoiled(number, choose, steps=1 + choose(5))
        path = self.folder / sent.name
        path.write_bytes(sent.content)
        self.tried[sent.reader] += 1
        count = self.tried.total()
        loaded = count % LOADED == 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                outcome = self.loaded(path) if loaded else self.read(path)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the fuzzing looks for
            outcome = "crashed"
            self.keep(sent, error)
        self.outcomes[outcome] += 1
        if count % 100 == 0 or count >= self.inputs:
            self.report()

    def read(self, path: Path) -> str:
        """Read a file, or be refused in one line."""
        try:
            read_file(path, CONTEXT)
        except DataError as error:
            if "\n" in str(error):
                raise ValueError("a refusal of several lines") from error
            return "refused"
        return "read"

    def loaded(self, path: Path) -> str:
        """Load a file; a refused one must leave the store as it was."""
        before = self.held()
        try:
            load(path, self.engine, loaded_by="fuzzing")
        except DataError:
            if self.held() != before:
                self.partial.append(path.name)
            return "refused"
        return "loaded"

    def held(self) -> tuple[Any, ...]:
        """Revision of the store and number of rows in each table."""
        count = sa.select(sa.func.count())
        with reading(self.engine) as connection:
            counts = [connection.execute(count.select_from(table)) for table in Base.metadata.sorted_tables]
            return revision(connection), *(each.scalar_one() for each in counts)

    def keep(self, sent: fuzz_material.Sent, error: Exception) -> None:
        """Keep a file that crashed a reader, and where."""
        frames = [each for each in traceback.extract_tb(error.__traceback__) if str(ROOT / "data") in each.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        name = f"crash-{len(self.crashes)}-{sent.name}"
        if len(self.crashes) < KEPT:
            (self.folder / name).write_bytes(sent.content)
        self.crashes.append(f"{sent.reader}: {type(error).__name__} at {place}, kept as {name}")

    def report(self) -> None:
        """Write what was found so far."""
        found = {"tried": self.tried, "outcomes": self.outcomes, "crashes": self.crashes, "partial": self.partial}
        (self.folder / "found.json").write_text(json.dumps(found))


def main(folder: Path, inputs: int, seed: int) -> None:
    """Fuzz with atheris, or at random where there is none."""
    fuzzing = Fuzzing(folder, inputs)
    numbers = random.Random(seed)  # noqa: S311 - choices, not secrets
    if atheris is None:
        for _ in range(inputs):
            fuzzing.one(numbers.randrange)
        return
    corpus = folder / "corpus"
    shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir()
    for number in range(4 * fuzz_material.kinds()):
        # numbers are taken from the end of an input, and the first is that of the file to spoil
        content = numbers.randbytes(47) + bytes([number % fuzz_material.kinds()])
        (corpus / f"{number}").write_bytes(content)

    def one(content: bytes) -> None:
        given = atheris.FuzzedDataProvider(content)
        fuzzing.one(lambda most: given.ConsumeIntInRange(0, most - 1))

    options = [f"-runs={inputs}", f"-seed={seed}", "-max_len=160", "-timeout=120", "-rss_limit_mb=6000"]
    options += [f"-artifact_prefix={folder}/"]  # otherwise a slow input is left where the command was given
    atheris.Setup(["fuzz_readers", *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
