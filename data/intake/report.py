"""What a load or check found, in words for the person who sent the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one file holds and what was done with it."""

    file_name: str
    sha256: str
    source_id: str
    publication: str
    edition: str
    rows_read: int
    rows_accepted: int
    tables: dict[str, int]
    notes: tuple[str, ...] = field(default=())
    illustrative: bool = False
    submission_id: int | None = None
    rows_superseded: int = 0
    illustrative_removed: int = 0
    already_loaded: bool = False

    @property
    def loaded(self) -> bool:
        """Whether the store changed."""
        return self.submission_id is not None and not self.already_loaded

    def foreseeing(self, illustrative: int) -> Report:
        """Add, before anything is written, how many illustrative rows would give way."""
        return replace(self, illustrative_removed=illustrative)

    def sentences(self) -> tuple[str, ...]:
        """Say it in plain sentences, the outcome first."""
        if self.already_loaded:
            return (f"{self.file_name} is loaded already: nothing was changed.",)
        verb = "loaded" if self.loaded else "may be loaded"
        named = f"{self.publication}, {self.edition}" if self.edition else self.publication
        lines = [f"{self.file_name} {verb}: {named}."]
        lines.append(f"{self.rows_accepted:,} of {self.rows_read:,} rows are used.")
        if self.illustrative:
            lines.append("Its figures are illustrative.")
        if self.rows_superseded:
            lines.append(f"{self.rows_superseded:,} earlier rows gave way to it and are kept on record.")
        if self.illustrative_removed:
            verb = "were" if self.loaded else "would be"
            lines.append(f"{self.illustrative_removed:,} illustrative rows {verb} removed.")
        return (*lines, *self.notes)
