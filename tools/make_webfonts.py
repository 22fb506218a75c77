"""Make the site's font files from the published npm packages, once, by hand.

A page in Arabic or French must arrive whole in under 100 KB on a slow telephone,
so each file holds what our languages write and nothing more: one variable file
per script, weights 400 to 700, and Tifinagh apart, fetched only where a page
writes it. The fallback faces printed at the end make the system's font take the
same room, so that nothing moves when ours arrives.

    npm install @fontsource-variable/readex-pro @fontsource/noto-sans-tifinagh
    python tools/make_webfonts.py node_modules
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parent.parent / "openregion/core/static/core/fonts"

# What French, English and Latin transliteration write, with the signs our pages use.
LATIN = {
    *range(0x20, 0x7F),
    *(ord(c) for c in "\u00a0«»°·§©²³ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœñÑíìóòúáā×÷€…–—‘’“”•→←↑↓−\u202f\u2009"),
}
# What Arabic writes: letters, vowel marks, punctuation, the letters of Moroccan names (ڭ پ ڤ), quotation marks.
ARABIC = {
    *range(0x0621, 0x063B),
    *range(0x0640, 0x0653),
    0x0670,
    0x0671,
    *(ord(c) for c in "،؛؟٪٫٬ڭگپڤچژک"),
    0x200C,
    0x200D,
    0x200E,
    0x200F,
}
TIFINAGH = {*range(0x2D30, 0x2D68), 0x2D6F, 0x2D70, 0x2D7F}

READEX = "@fontsource-variable/readex-pro/files/readex-pro-{}-wght-normal.woff2"
MADE = {
    "readex-latin.woff2": (READEX.format("latin"), LATIN),
    "readex-arabic.woff2": (READEX.format("arabic"), ARABIC),
    "tifinagh.woff2": (
        "@fontsource/noto-sans-tifinagh/files/noto-sans-tifinagh-tifinagh-400-normal.woff2",
        TIFINAGH,
    ),
}
LICENCES = {
    "readex-OFL.txt": "@fontsource-variable/readex-pro/LICENSE",
    "tifinagh-OFL.txt": "@fontsource/noto-sans-tifinagh/LICENSE",
}
FEATURES = [
    "ccmp",
    "calt",
    "curs",
    "fina",
    "init",
    "isol",
    "kern",
    "liga",
    "locl",
    "mark",
    "medi",
    "mkmk",
    "rlig",
    "rclt",
]
LICENCE_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]


def align_figures(font: TTFont) -> None:
    """Give the ten figures one width, so that they stand under each other in tables.

    The family draws them unequal and has no tabular set. Each is centred in the
    room of the widest; the bold ones grow alike. HVAR repeats what gvar says and
    would contradict it now.
    """
    figures = [font.getBestCmap()[ord(c)] for c in "0123456789"]
    advance, drawn, variations = font["hmtx"], font["glyf"], font["gvar"].variations
    room = max(advance[name][0] for name in figures)
    growth = max((v.coordinates[-3] or (0, 0))[0] for name in figures for v in variations[name])
    for name in figures:
        width, bearing = advance[name]
        shift = (room - width) // 2
        drawn[name].coordinates.translate((shift, 0))
        drawn[name].recalcBounds(drawn)
        advance[name] = (room, bearing + shift)
        for variation in variations[name]:
            variation.coordinates[-3] = (growth, 0)
    del font["HVAR"]


def cut(source: Path, wanted: set[int]) -> TTFont:
    """Keep the wanted characters and the weights 400 to 700."""
    font = TTFont(source)
    if "fvar" in font:
        limits = {axis.axisTag: None for axis in font["fvar"].axes if axis.axisTag != "wght"}
        font = instantiateVariableFont(font, {**limits, "wght": (400, 700)})
        # A glyph that does not vary (a thin space) has no entry; the subsetter wants one.
        for glyph in font.getGlyphOrder():
            if glyph not in font["gvar"].variations:
                font["gvar"].variations[glyph] = []
    options = Options()
    options.layout_features = FEATURES
    options.name_IDs = LICENCE_NAMES
    options.hinting = False
    options.notdef_outline = True
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted & set(font.getBestCmap()))
    cutter.subset(font)
    if "gvar" in font and ord("0") in wanted:
        align_figures(font)
    font.flavor = "woff2"
    return font


def average_width(font: TTFont, sample: str) -> float:
    """Give the mean advance of a sample, in parts of the em."""
    cmap, advance = font.getBestCmap(), font["hmtx"]
    glyphs = [cmap[ord(c)] for c in sample if ord(c) in cmap]
    return sum(advance[g][0] for g in glyphs) / len(glyphs) / font["head"].unitsPerEm


def as_ranges(codes: set[int]) -> str:
    """Write characters as CSS writes a ``unicode-range``."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


def main(packages: Path, system_font: Path | None) -> None:
    """Write the fonts and their licences; print what the stylesheet must say of them."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, (source, wanted) in MADE.items():
        font = cut(packages / source, wanted)
        font.save(FONTS / name)
        own = set(font.getBestCmap())
        print(f"{name}: {(FONTS / name).stat().st_size:,} bytes\n  unicode-range: {as_ranges(own)};")
    for name, source in LICENCES.items():
        shutil.copyfile(packages / source, FONTS / name)
    if system_font:
        ours, theirs = TTFont(FONTS / "readex-latin.woff2"), TTFont(system_font)
        sample = "Les habitantes et les habitants de la Region proposent, la Region repond et montre ce qui change. "
        ratio = average_width(ours, sample) / average_width(theirs, sample)
        hhea, em = ours["hhea"], ours["head"].unitsPerEm
        print(f"size-adjust: {ratio:.1%}; ascent-override: {hhea.ascent / em / ratio:.1%};")
        print(f"descent-override: {-hhea.descent / em / ratio:.1%}; line-gap-override: 0%;")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
