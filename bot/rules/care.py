"""How a circle is kept safe: what its facilitators may choose, and what holds where nobody chose."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_REPLY_DAYS = 3
REVIEW_DAYS = 2


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
