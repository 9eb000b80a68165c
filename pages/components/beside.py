"""Work that may take minutes, done beside the page: it goes on to its end even where the reader goes elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from data.answers.progress import Progress, Step

T = TypeVar("T")
#: How often the page looks how far it is (seconds).
LOOK: Final = 0.3
#: After how long the reader is told that they need not wait (seconds).
LONG: Final = 5.0
MEANWHILE: Final = (
    "Until this is done, all pages go on showing the earlier figures. You may leave this page: it goes on without you."
)


@dataclass(slots=True)
class Heard:
    """The last step that was told."""

    step: Step | None = None

    def __call__(self, step: Step) -> None:
        """Hear of a step."""
        self.step = step


def done_beside(work: Callable[[Progress], T], words: str) -> T:
    """Do something in a thread of its own, show how far it is, and give its outcome or raise its error."""
    heard, began = Heard(), time.monotonic()
    pool = ThreadPoolExecutor(1, thread_name_prefix="beside")
    doing = pool.submit(work, heard)
    pool.shutdown(wait=False)
    bar, below = st.progress(0.0, text=words), st.empty()
    while not wait([doing], timeout=LOOK).done:
        if heard.step is not None:
            bar.progress(heard.step.share, text=heard.step.sentence)
        if time.monotonic() - began >= LONG:
            below.markdown(MEANWHILE)
    bar.empty()
    below.empty()
    return doing.result()
