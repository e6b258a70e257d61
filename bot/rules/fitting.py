"""Whether words fit a circle, as its facilitators chose: how long a story may be, links, invitations.

Nothing here loses words: what doesn't fit stays in its preview, which says why, and *Post* refuses. What
stands in the circle already, as of something that is edited, may stay: a stricter choice never keeps
anybody from changing their own words for the better.
"""

from __future__ import annotations

from bot.errors import Refusal
from bot.rules.care import CarePlan
from bot.rules.links import Links, links_in
from bot.rules.stories import StoryWords

_NONE = Links(0, 0, 0, 0)


def unfit(text: str, plan: CarePlan, before: str = "") -> Refusal | None:
    """Why words of any kind can't be posted in a circle; None when they can.

    A disguised link is refused everywhere. ``before`` are the words in whose place they would come.
    """
    found, stood = links_in(text), links_in(before) if before else _NONE
    if found.disguised > stood.disguised:
        return Refusal("refusals.unfit.disguised")
    if not plan.invites and found.invites > stood.invites:
        return Refusal("refusals.unfit.invites")
    if not plan.links and found.links > stood.links:
        return Refusal("refusals.unfit.links")
    return None


def unfit_story(words: StoryWords, plan: CarePlan, before: StoryWords | None = None) -> Refusal | None:
    """The same of a story, which also has a length: the characters of all its parts together."""
    length, stood = words.length, before.length if before is not None else 0
    if plan.most_characters is not None and length > max(plan.most_characters, stood):
        over = length - plan.most_characters
        return Refusal("refusals.unfit.too_long", limit=plan.most_characters, over=over)
    return unfit(words.text, plan, before.text if before is not None else "")
