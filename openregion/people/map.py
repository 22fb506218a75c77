"""Draws boundaries as SVG paths: a small map that needs no script and no foreign server.

Equirectangular, with longitudes shortened by the cosine of the middle latitude:
at the size of Morocco the error is below the width of a line. North is up, and
a map is never mirrored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTH = 340  # near the width of a telephone, where a label of 11 units is then 11 pixels
_EDGE = 6
Point = tuple[float, float]


@dataclass(frozen=True)
class Drawing:
    """Paths and places for a label by key, and the box they stand in."""

    box: str
    paths: Mapping[str, str]
    labels: Mapping[str, tuple[str, str]]


def drawn(boundaries: Mapping[str, dict[str, Any]]) -> Drawing | None:
    """Draw GeoJSON polygons together, scaled to fill one box; None when there is nothing to draw.

    ``boundaries`` holds geometries in degrees; the paths are in units of the box.
    """
    rings = {key: _rings(geometry) for key, geometry in boundaries.items()}
    points = [point for each in rings.values() for ring in each for point in ring]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * _EDGE) / max((east - west) * narrow, north - south, 1e-9)

    def placed(point: Point) -> tuple[str, str]:
        return f"{_EDGE + (point[0] - west) * narrow * scale:.1f}", f"{_EDGE + (north - point[1]) * scale:.1f}"

    def path(ring: list[Point]) -> str:
        return f"M{'L'.join(' '.join(placed(point)) for point in ring)}Z"

    width = 2 * _EDGE + (east - west) * narrow * scale
    height = 2 * _EDGE + (north - south) * scale
    return Drawing(
        box=f"0 0 {width:.0f} {height:.0f}",
        paths={key: "".join(map(path, each)) for key, each in rings.items()},
        labels={key: placed(_middle(max(each, key=len))) for key, each in rings.items() if each},
    )


def _middle(ring: list[Point]) -> Point:
    """Give the centre of gravity of a ring: where its label stands."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / (3 * area), y / (3 * area)) if area else ring[0]


def _rings(geometry: dict[str, Any]) -> list[list[Point]]:
    many = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    return [[(x, y) for x, y, *_ in ring] for polygon in many.get(geometry["type"], []) for ring in polygon]
