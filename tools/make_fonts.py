"""Make the press's font files from the published npm packages, once, by hand.

The packages hold each family cut in web subsets (latin, latin-ext, …). A PDF
wants one whole file per weight, so the subsets are merged again. Arabic comes
from the ``fontpkg-amiri`` wheel at run time and is not copied here: Readex Pro's
Arabic loses 2 to 6 % of its letters when copied out of a PDF, Amiri 1 to 2 %.

    npm install @fontsource/readex-pro @fontsource/noto-sans-tifinagh
    python tools/make_fonts.py node_modules
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "openregion/record/press/fonts"

# Each file to make: where its subsets lie, from the most to the least needed.
READEX = ("latin", "latin-ext", "vietnamese")
MADE = {
    "ReadexPro-Regular.ttf": [f"@fontsource/readex-pro/files/readex-pro-{part}-400-normal.woff2" for part in READEX],
    "ReadexPro-Bold.ttf": [f"@fontsource/readex-pro/files/readex-pro-{part}-700-normal.woff2" for part in READEX],
    "NotoSansTifinagh-Regular.ttf": [
        "@fontsource/noto-sans-tifinagh/files/noto-sans-tifinagh-tifinagh-400-normal.woff2"
    ],
}
LICENCES = {
    "ReadexPro-OFL.txt": "@fontsource/readex-pro/LICENSE",
    "NotoSansTifinagh-OFL.txt": "@fontsource/noto-sans-tifinagh/LICENSE",
}


def subset_as_ttf(path: Path, without: set[int]) -> tuple[io.BytesIO, set[int]]:
    """Unpack one subset, leaving out what an earlier one already drew.

    Subsets overlap (space, digits, accents); merged as they are, every shared
    character would come twice.
    """
    font = TTFont(path)
    kept = set(font.getBestCmap()) - without
    options = Options()
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    cutter = Subsetter(options)
    cutter.populate(unicodes=kept)
    cutter.subset(font)
    font.flavor = None
    if "STAT" in font:  # a static cut says nothing about axes
        del font["STAT"]
    out = io.BytesIO()
    font.save(out)
    out.seek(0)
    return out, kept


def make(name: str, parts: list[Path]) -> None:
    """Write one whole font; the dates stay those of the source, so that a second run makes the same bytes."""
    known: set[int] = set()
    pieces: list[io.BytesIO] = []
    for part in parts:
        piece, kept = subset_as_ttf(part, known)
        pieces.append(piece)
        known |= kept
    source = TTFont(parts[0])
    font = Merger().merge(pieces) if len(pieces) > 1 else TTFont(pieces[0])
    font["name"] = source["name"]
    font["head"].created = font["head"].modified = source["head"].modified
    font["head"].fontRevision = source["head"].fontRevision
    font.recalcTimestamp = False
    font.save(FONTS / name)
    print(f"{name}: {len(known)} characters, {(FONTS / name).stat().st_size // 1024} KB")


def main(packages: Path) -> None:
    """Make every font and lay its licence beside it."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, parts in MADE.items():
        make(name, [packages / part for part in parts])
    for name, source in LICENCES.items():
        shutil.copyfile(packages / source, FONTS / name)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "node_modules"))
