"""Recorded voices: known by their bytes, without what they tell of their maker, refused when they are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from openregion.record import arrival, sounds
from tests.consultation.sounds import EVERY, SECRET, m4a, mp3, opus, wav, webm


@pytest.mark.row("L-1")
@pytest.mark.parametrize("kind", EVERY)
def test_recording_is_known_by_its_bytes_and_loses_what_it_tells(kind: str) -> None:
    content = EVERY[kind]
    assert arrival.media_type(content) == kind
    bare = arrival.cleaned(content, kind)
    assert (arrival.media_type(bare.content), SECRET in bare.content) == (kind, False)
    assert len(bare.content) <= len(content)
    assert arrival.cleaned(bare.content, kind) == bare


def test_live_recording_of_a_browser_is_one_too() -> None:
    live = webm(live=True)
    assert (sounds.media_type(live), SECRET in sounds.without_metadata(live, "audio/webm")) == ("audio/webm", False)


def test_sound_itself_stays_as_it_was() -> None:
    assert sounds.without_metadata(m4a(), "audio/mp4")[-1000:] == m4a()[-1000:]
    assert sounds.without_metadata(opus(), "audio/ogg")[-80:] == opus()[-80:]
    assert sounds.without_metadata(mp3(), "audio/mpeg").startswith(b"\xff\xfb\x90")
    assert b"\1\0" * 800 in sounds.without_metadata(wav(), "audio/wav")


def test_dates_of_a_recording_go() -> None:
    assert b"\xd9\xff\xff\xff" not in sounds.without_metadata(m4a(), "audio/mp4")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (m4a(handler=b"vide"), "video"),
        (webm(track=1), "video"),
        (m4a(handler=b"text"), "sound"),
        (m4a()[:60], "sound"),
        (opus()[:40], "sound"),
        (webm()[:30], "sound"),
        (b"ID3\x03\0\0\0\0\0\x05hello" + b"no sound at all" * 9, "sound"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "sound"),
    ],
)
def test_what_only_looks_like_a_recording_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(arrival.Unreadable, match=why):
        arrival.media_type(content)


@pytest.mark.parametrize("content", [webm(doctype=b"matroska"), b"\xff\xfe<\0h\0t\0m\0l\0", b"\xff\xfbhello"])
def test_other_things_are_not_recordings(content: bytes) -> None:
    assert sounds.media_type(content) == ""


@given(some.sampled_from(sorted(EVERY)), some.integers(0, 2000), some.integers(0, 255), some.integers(1, 2000))
def test_damaged_bytes_never_break_the_reading(kind: str, at: int, byte: int, length: int) -> None:
    content = bytearray(EVERY[kind])
    content[at % len(content)] = byte
    for damaged in (bytes(content), bytes(content[:length])):
        try:
            found = sounds.media_type(damaged)
            if found:
                sounds.without_metadata(damaged, found)
        except sounds.Silent:
            pass
