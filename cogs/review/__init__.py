"""Review: moderators look at what is told before anybody else sees it, and decide."""

from __future__ import annotations

from bot.client import Bot
from bot.errors import Gone
from bot.feature import DueSource, Feature, command
from bot.interactions import (
    Ack,
    Interaction,
    Press,
    Route,
    acknowledge,
    answer,
    answer_beside,
    open_form,
)
from bot.permissions import require_moderator, this_circle
from bot.services.circles import CircleInfo
from bot.services.in_review import InReview
from bot.services.reviewing import Decision
from cogs import custom_ids as ids
from cogs.review import screens

SAID = {Decision.RETURN: ids.REVIEW_RETURN_SAID, Decision.DECLINE: ids.REVIEW_DECLINE_SAID}
GROUP = "moderate"


class ReviewHandlers:
    """The handlers of ``/moderate queue`` and of all below it. Each asks for the right anew."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.reviewing = bot.services.reviewing

    # the list

    async def queue_command(self, interaction: Interaction) -> None:
        """``/moderate queue``."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_moderator(interaction, circle)
        await self._show_queue(interaction, circle.id, 0)

    async def queue(self, interaction: Interaction, press: Press) -> None:
        """*Look* below what those on duty are told."""
        await self._page(interaction, press.number(0), 0)

    async def page(self, interaction: Interaction, press: Press) -> None:
        """Another page, or back to the list."""
        await self._page(interaction, press.number(0), press.number(1))

    async def _page(self, interaction: Interaction, circle_id: int, number: int) -> None:
        require_moderator(interaction, await self.bot.services.circles.get(circle_id))
        await self._show_queue(interaction, circle_id, number)

    async def _show_queue(self, interaction: Interaction, circle_id: int, number: int) -> None:
        found = await self.reviewing.queue(circle_id, number)
        await answer(interaction, screens.queue_view(self.words, found))

    # one of them

    async def look(self, interaction: Interaction, press: Press) -> None:
        """*Look* in the list: whole, and in a message of its own."""
        thing = await self._seen(interaction, press)
        await answer(interaction, screens.item_view(self.words, thing, self.bot.now()))
        for more in screens.rest_of_item(self.words, thing):
            await answer_beside(interaction, more)

    async def take(self, interaction: Interaction, press: Press) -> None:
        """*Take it*; who is later reads that somebody was sooner. That stands beside it, so that a thumb
        which presses twice doesn't take away the choices that the first press brought."""
        thing = await self._seen(interaction, press)
        taken = await self.reviewing.take(thing.kind, thing.subject, interaction.user.id)
        if taken.token is None:
            await answer_beside(interaction, screens.taken_view(self.words, taken))
        else:
            await answer(interaction, screens.item_view(self.words, taken, self.bot.now()))

    async def give_back(self, interaction: Interaction, press: Press) -> None:
        """*Give it back*."""
        circle = await self._taken(interaction, press)
        await self.reviewing.give_back(_kind(press), press.number(1), press.arguments[2])
        await answer(interaction, screens.done_view(self.words, circle.id, "given_back"))

    # deciding

    async def publish(self, interaction: Interaction, press: Press) -> None:
        """*Publish it*."""
        await self._decide(interaction, press, Decision.PUBLISH)

    async def ask(self, interaction: Interaction, press: Press) -> None:
        """*Ask for a change*: with which words?"""
        await self._form(interaction, press, Decision.RETURN)

    async def decline(self, interaction: Interaction, press: Press) -> None:
        """*Don't publish it*: with which words?"""
        await self._form(interaction, press, Decision.DECLINE)

    async def asked(self, interaction: Interaction, press: Press) -> None:
        """The words were written."""
        await self._decide(interaction, press, Decision.RETURN)

    async def declined(self, interaction: Interaction, press: Press) -> None:
        """The words were written."""
        await self._decide(interaction, press, Decision.DECLINE)

    async def _form(self, interaction: Interaction, press: Press, decision: Decision) -> None:
        await self._taken(interaction, press)
        said = SAID[decision](*press.arguments)
        await open_form(interaction, screens.reason_form(self.words, decision, said))

    async def _decide(self, interaction: Interaction, press: Press, decision: Decision) -> None:
        circle = await self._taken(interaction, press)
        token, reason = press.arguments[2], press.fields.get(screens.REASON, "")
        await self.reviewing.decide(_kind(press), press.number(1), token, decision, reason)
        self.bot.deliverer.wake()
        await answer(interaction, screens.done_view(self.words, circle.id, decision.value))

    async def _seen(self, interaction: Interaction, press: Press) -> InReview:
        """What was pressed, for whoever may moderate where it is. Raises Gone or NotAllowed."""
        thing = await self.reviewing.look(_kind(press), press.number(1), interaction.user.id)
        require_moderator(interaction, thing.circle)
        return thing

    async def _taken(self, interaction: Interaction, press: Press) -> CircleInfo:
        """The circle of what this person has taken. Raises Gone or NotAllowed."""
        circle = await self.reviewing.taken(_kind(press), press.number(1), press.arguments[2])
        require_moderator(interaction, circle)
        return circle


def _kind(press: Press) -> str:
    """What is looked at. Raises Gone for what nothing of ours is called."""
    if press.arguments[0] not in {"story", "update", "edit"}:
        raise Gone("refusals.old_button")
    return press.arguments[0]


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words = ReviewHandlers(bot), bot.words

    async def queue(interaction: Interaction) -> None:
        await handlers.queue_command(interaction)

    return Feature(
        name="review",
        more_commands=((GROUP, command("queue", words("review.queue.command"), queue)),),
        routes=(
            Route(ids.REVIEW_QUEUE, handlers.queue),
            Route(ids.REVIEW_PAGE, handlers.page, Ack.UPDATE),
            Route(ids.REVIEW_LOOK, handlers.look),
            Route(ids.REVIEW_TAKE, handlers.take, Ack.UPDATE),
            Route(ids.REVIEW_GIVE_BACK, handlers.give_back, Ack.UPDATE),
            Route(ids.REVIEW_PUBLISH, handlers.publish, Ack.UPDATE),
            Route(ids.REVIEW_RETURN, handlers.ask, Ack.SELF),
            Route(ids.REVIEW_RETURN_SAID, handlers.asked, Ack.SELF),
            Route(ids.REVIEW_DECLINE, handlers.decline, Ack.SELF),
            Route(ids.REVIEW_DECLINE_SAID, handlers.declined, Ack.SELF),
        ),
        due=(DueSource("review", bot.services.reviewing.due, bot.services.reviewing.next_due),),
    )
