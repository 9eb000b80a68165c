"""The colours and the typeface of every chart and map, on screen and in files: one place, so that they stay the same.

They are the Government Analysis Function's. Direction and meaning never rest on colour alone.
"""

from __future__ import annotations

from typing import Final

BLUE: Final = "#12436D"
ORANGE: Final = "#F46A25"
GREY: Final = "#5B6670"
#: The same on a dark page, where dark lines could not be seen.
ON_DARK: Final = {BLUE: "#7DB8EA", GREY: "#B8C2CB", ORANGE: "#FF9A5C"}
INK: Final = {"light": "#1B1F23", "dark": "#E8EDF2"}
PAPER: Final = {"light": "#FFFFFF", "dark": "#10151A"}
#: Lines of several series, in the order in which they are used; each line is named at its end as well. The first five
#: are told apart in every common kind of colour blindness; the sixth is like the fourth to who sees no green.
LINES: Final = (BLUE, "#28A197", ORANGE, "#3D3D3D", "#A285D1", "#801650")

# Government Analysis Function sequential blues with two tints; on a dark page the scale runs from dark to pale.
SEQUENTIAL: Final = ("#DCEBF8", "#A3CDF0", "#5FA3DD", "#2073BC", "#12436D")
SEQUENTIAL_DARK: Final = ("#1B3A55", "#22598C", "#3182C8", "#7DB8EA", "#D6EAFA")
# Orange for need, blue for reach, both for both: told apart in every common kind of colour blindness, and by lightness.
BIVARIATE: Final = (
    *("#FCEEDF", "#F9B184", "#E8641E"),
    *("#A5D3E8", "#B59A8C", "#A8582F"),
    *("#2FA4D6", "#437C91", "#54402F"),
)
