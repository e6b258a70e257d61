"""How a circle is kept safe: what its facilitators may choose, and what holds where nobody chose."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Refusal
from bot.rules.text import clean

FIRST_REPLY_DAYS = 3
REVIEW_DAYS = 2

CHARACTERS = (500, 1000, 1500, 2000, 2500, 3000)
STORIES_A_DAY = (1, 2, 3, 4)
REPLIES_A_DAY = (3, 5, 10, 20)
"""What a circle can choose between, besides leaving it as everywhere, which is more than any of these."""
DAYS = (1, 2, 3, 5, 7, 14)

MOST_HELP_LINES = 5
LONGEST_HELP_LINE = 120


@dataclass(frozen=True, slots=True, repr=False)
class CarePlan:
    """A circle's choices. The defaults are those of a circle that chose nothing."""

    review: bool = False
    """Stories, updates and edits wait for a moderator before anybody sees them."""
    moderators_channel_id: int | None = None
    """A private channel in which those on duty are told what waits; None: they look for themselves."""
    log_channel_id: int | None = None
    """Where the open log is shown as well; None: by command alone."""
    country: str | None = None
    """Two letters (ISO 3166-1), as in the list of help."""
    help_lines: tuple[str, ...] = ()
    """The circle's own lines of help, shown first."""
    most_characters: int | None = None
    """Of one story, all its parts together. None: what the forms take."""
    most_stories: int | None = None
    most_replies: int | None = None
    """Of one person in a day. None: as everywhere."""
    links: bool = True
    """Whether what the bot posts for people may hold links."""
    invites: bool = False
    """Whether it may hold invitations to other servers."""
    first_reply_days: int = FIRST_REPLY_DAYS
    """After so many days without a reply, those on duty are told, once."""
    review_days: int = REVIEW_DAYS
    """After so many days without a decision, those on duty are told, once."""


def read_help_lines(typed: str) -> tuple[str, ...]:
    """A circle's own lines of help, one a line. Raises Refusal for too many, or for one too long."""
    lines = tuple(line for line in (part.strip() for part in clean(typed).split("\n")) if line)
    if len(lines) > MOST_HELP_LINES:
        raise Refusal("refusals.help_lines_many", most=MOST_HELP_LINES)
    if any(len(line) > LONGEST_HELP_LINE for line in lines):
        raise Refusal("refusals.help_line_long", most=LONGEST_HELP_LINE)
    return lines
