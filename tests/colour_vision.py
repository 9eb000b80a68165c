"""How colours are seen: contrast, lightness, difference, and three kinds of colour blindness."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency",
#: IEEE Transactions on Visualization and Computer Graphics 15 (6): severity 1.0, for linear RGB.
SIGHT: Final[dict[str, NDArray[np.float64]]] = {
    "full": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
#: IEC 61966-2-1: linear RGB to XYZ, and the white of D65.
TO_XYZ: Final = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE: Final = TO_XYZ.sum(axis=1)


def linear(colour: str) -> NDArray[np.float64]:
    """The light that ``#RRGGBB`` stands for."""
    share = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio, from 1 to 21."""
    paler, darker = sorted((float(TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (paler + 0.05) / (darker + 0.05)


def over(colour: str, share: float, ground: str) -> str:
    """What is seen where a colour lies half-transparent on another, as a browser mixes them."""
    mixed = [
        round(share * int(colour[place : place + 2], 16) + (1 - share) * int(ground[place : place + 2], 16))
        for place in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def lab(colour: str, sight: str = "full") -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as somebody with that sight sees it."""
    seen = np.clip(SIGHT[sight] @ linear(colour), 0, 1)
    ratio = TO_XYZ @ seen / WHITE
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


def lightness(colour: str, sight: str = "full") -> float:
    """CIE L*, from 0 (black) to 100 (white)."""
    return lab(colour, sight)[0]


def difference(one: str, other: str, sight: str = "full") -> float:
    """CIE ΔE 2000 of two colours for somebody's sight; about 2 is the least that is noticed side by side."""
    return delta_e_2000(lab(one, sight), lab(other, sight))


def delta_e_2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """CIE ΔE 2000, after Sharma, Wu and Dalal (2005), "The CIEDE2000 Color-Difference Formula"."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    grey = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(grey**7 / (grey**7 + 25**7)))
    c1, c2 = math.hypot((1 + g) * a1, b1), math.hypot((1 + g) * a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, (1 + g) * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = ((h2 - h1 + 180) % 360 - 180) if c1 * c2 else 0.0
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = (
        1
        - 0.17 * _cos(mean_h - 30)
        + 0.24 * _cos(2 * mean_h)
        + 0.32 * _cos(3 * mean_h + 6)
        - 0.20 * _cos(4 * mean_h - 63)
    )
    by_l = (l2 - l1) / (1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2))
    by_c = (c2 - c1) / (1 + 0.045 * mean_c)
    by_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * mean_c * t)
    narrow = 30 * math.exp(-(((mean_h - 275) / 25) ** 2))
    twist = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7)) * math.sin(math.radians(2 * narrow))
    return math.sqrt(by_l**2 + by_c**2 + by_h**2 + twist * by_c * by_h)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
