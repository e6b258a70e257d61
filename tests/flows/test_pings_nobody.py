"""Words that would call somebody, or hide something, stand everywhere as they were typed and do nothing.

That no request of the bot may ping is held in every flow (``tests/openapi.py``).
"""

from __future__ import annotations

import re

from tests import openapi
from tests.conftest import Circle, Stage
from tests.flows.people import ask_now, change, panel_of, reply_unnamed, stories_in, tell
from tests.flows.test_themes import save

LOUD = "@everyone @here <@1> <@&2> <#3> [a](https://e.example) ||b|| # c <t:0:R> </share:4> <:x:5> `d`"
ACTS = re.compile(r"(?<!\\)(@everyone|@here|<@1>|<@&2>|<#3>|\[a\]\(|\|\|b|`d|<t:0:R>|</share:4>|<:x:5>)")
"""What of it would act in a text as Discord reads it."""


def texts(stage: Stage) -> list[str]:
    """All texts that the bot has sent so far, to anybody."""
    messages = [openapi.message_of(request) or {} for request in stage.env.http_requests]
    parts = [part for one in messages for part in openapi.nested(one.get("components") or [])]
    return [part["content"] for part in parts if part.get("type") == openapi.TEXT_DISPLAY]


async def test_whatever_is_typed_anywhere_calls_nobody(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    named = circle.guild.add_member(stage.env.create_user("@everyone <@1>"))
    await save(circle, "2026-01-01", 1, title=LOUD[:60], introduction=LOUD, prompts=LOUD)
    await ask_now(circle)
    for person, with_name in ((ann, False), (named, True)):
        await tell(circle, person, LOUD, effect=LOUD, repair=LOUD, lesson=LOUD, named=with_name)
    story = stories_in(circle)[0]
    await reply_unnamed(ben, story, LOUD)
    for label in ("Add how it went", "Answer in the thread"):
        panel = await panel_of(circle, ann, story)
        opened = await ann.click(panel.message, label=label)
        preview = (await ann.submit_modal(opened, {"text": LOUD})).response
        await ann.click(preview.message, label="Post")
    preview = await change(ann, await panel_of(circle, ann, story), slip=f"{LOUD} And more.")
    await ann.click(preview.message, label="Save the change")
    await stage.pass_time(minutes=10)
    await stage.bot.services.caring.choose((await circle.info).id, {"help_lines": (LOUD, "@everyone")})
    await circle.facilitator.slash(circle.channel, "circle care")
    await circle.moderator.slash(circle.channel, "moderate remove", story=1)
    for person in (ann, named):
        await person.slash(circle.channel, "story mine")
        await person.slash(circle.channel, "privacy show")

    said = texts(stage)
    assert sum("everyone" in text for text in said) > 20
    assert any("And more." in text for text in said)
    assert [text for text in said if ACTS.search(text)] == []
