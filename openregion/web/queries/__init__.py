"""What the pages across rooms show: home, suggestions, journal, search, each as plain values."""

from openregion.web.queries.across import (
    Choice,
    Found,
    JournalAsRead,
    PartOfTheLine,
    Player,
    Step,
    addresses_administered_by,
    by_day,
    find,
    first_steps,
    is_administrator,
    journal_as_read,
    kinds_to_choose,
    line_of_stages,
    lines_as_csv,
    lines_as_json,
    members_without_index,
    name_of_deed,
    name_of_kind,
    people_of_the_demonstration,
)

__all__ = [
    "Choice", "Found", "JournalAsRead", "PartOfTheLine", "Player", "Step", "addresses_administered_by", "by_day",
    "find", "first_steps", "is_administrator", "journal_as_read", "kinds_to_choose", "line_of_stages", "lines_as_csv",
    "lines_as_json", "members_without_index", "name_of_deed", "name_of_kind", "people_of_the_demonstration",
]  # fmt: skip
