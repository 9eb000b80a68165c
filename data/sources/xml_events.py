"""Read XML as a stream of events, without entities, document types or anything that is fetched, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Final, Protocol
from xml.parsers import expat

from data.errors import DataError, UnreadableFile
from data.sources.archives import damaged

MAX_TAG_BYTES: Final = 8 << 20  # one tag, comment or instruction; a real one has some hundred bytes
SEPARATOR: Final = " "


class Events(Protocol):
    """What takes part in the reading of one XML document.

    Names of elements come without their namespace; those of attributes with it, if they have one: "namespace name".
    """

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""

    def end(self, name: str) -> None:
        """Finish an element."""

    def text(self, letters: str) -> None:
        """Take letters between tags; one text may come in several parts."""


def read_events(path: Path, content: Generator[bytes], events: Events) -> Iterator[None]:
    """Feed a document to ``events``, pausing after each block so that what came of it can be taken away."""
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    local = _LocalNames()
    parser.StartElementHandler = lambda name, attributes: events.start(local[name], attributes)
    parser.EndElementHandler = lambda name: events.end(local[name])
    parser.CharacterDataHandler = events.text
    parser.StartDoctypeDeclHandler = _refuse_document_type(path)
    fed = 0
    try:
        for block in content:
            parser.Parse(block, False)
            fed += len(block)
            if fed - parser.CurrentByteIndex > MAX_TAG_BYTES + len(block):
                raise UnreadableFile(
                    "a part of the file has a tag without an end", file=path.name, todo="Save it again"
                )
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged(path) from error
    finally:
        content.close()
    yield


def _endless_tag(path: Path) -> DataError:
    return UnreadableFile("a part of the file has a tag without an end", file=path.name, todo="Save it again")


def _refuse_document_type(path: Path) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise document_type_error(path)

    return refuse


def document_type_error(path: Path) -> DataError:
    """Say that the XML has a document type, which can make a few letters stand for gigabytes, or fetch other files."""
    problem = "the file defines its own XML entities, as in an attack"
    return UnreadableFile(problem, file=path.name, todo="Open it in a spreadsheet or word processor and save it again")


class _LocalNames(dict[str, str]):
    """Names without their namespace, each worked out once; a namespace differs by edition, the names do not."""

    def __missing__(self, name: str) -> str:
        if len(self) > 10_000:
            self.clear()
        self[name] = name.rpartition(SEPARATOR)[2]
        return self[name]
