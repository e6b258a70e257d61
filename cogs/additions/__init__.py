"""Additions: the teller's updates, and replies without a name."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands

from bot.checks import Noticed, OpenWords
from bot.client import Bot
from bot.content.lexicon import load_lexicon
from bot.errors import Refusal
from bot.feature import Feature
from bot.interactions import Ack, CustomId, Interaction, Press, Route, answer, answer_beside, open_form, say
from bot.permissions import require_member
from bot.rules.beginnings import begun
from bot.rules.care import CarePlan
from bot.rules.checked import NOTHING, Checked
from bot.rules.fitting import unfit
from bot.rules.limits import CHANGES, DRAFTS, REPLIES, REPLIES_A_DAY, SMALL_CIRCLE_IN_A_THREAD
from bot.rules.stories import Ask, written
from bot.rules.text import clean
from bot.services.additions import LIMITS as SPACE
from bot.services.additions import Added, Kind, OpenAddition, StoryRef
from bot.services.circles import CircleInfo
from cogs import custom_ids as ids
from cogs.additions import screens
from cogs.additions.editing import AdditionEditing
from cogs.additions.renderers import renderers
from cogs.check_screens import noticed_first
from cogs.own_words import BY_ACCOUNT, discard_question, proof_of, receipt_of, withdraw_question

LIMITS = {Kind.UPDATE: CHANGES, Kind.ANSWER: REPLIES, Kind.REPLY: REPLIES}


class AdditionHandlers:
    """The handlers of forms and previews."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.additions = bot.services.additions

    async def reply(self, interaction: Interaction, press: Press) -> None:
        """*Reply without my name* on a story or in its thread."""
        await self._open_reply(interaction, press.number(0))

    async def reply_menu(self, interaction: Interaction, message: discord.Message) -> None:
        """*Apps → Reply without my name* on any message of a story's thread, or on the story itself."""
        story_id = await self.additions.at_place(message.id) or await self.additions.at_place(
            message.channel.id
        )
        if story_id is None:
            raise Refusal("refusals.no_story_here")
        await self._open_reply(interaction, story_id)

    async def _open_reply(self, interaction: Interaction, story_id: int) -> None:
        story = await self.additions.begin_reply(story_id, interaction.user.id)
        require_member(interaction, story.circle)
        await self._check(interaction, Kind.REPLY, story)
        form = screens.addition_form(self.words, Kind.REPLY, story, ids.REPLY_WRITTEN(story_id))
        await open_form(interaction, form)

    async def reply_written(self, interaction: Interaction, press: Press) -> None:
        """A reply was submitted: kept, then shown."""
        await self._keep(interaction, press, Kind.REPLY)

    async def update(self, interaction: Interaction, press: Press) -> None:
        """*Add how it went* in the teller's panel."""
        await self._open_own(interaction, press, Kind.UPDATE, ids.UPDATE_WRITTEN)

    async def update_written(self, interaction: Interaction, press: Press) -> None:
        """An update was submitted: whose it is is proven again, then it is kept and shown."""
        await self.additions.begin_update(press.number(0), proof_of(press), interaction.user.id)
        await self._keep(interaction, press, Kind.UPDATE)

    async def answer(self, interaction: Interaction, press: Press) -> None:
        """*Answer in the thread* in the teller's panel: with the code, also when the window has passed."""
        await self._open_own(interaction, press, Kind.ANSWER, ids.ANSWER_WRITTEN)

    async def answer_written(self, interaction: Interaction, press: Press) -> None:
        """An answer was submitted: as for an update."""
        await self.additions.begin_answer(press.number(0), proof_of(press), interaction.user.id)
        await self._keep(interaction, press, Kind.ANSWER)

    async def _open_own(self, interaction: Interaction, press: Press, kind: Kind, written: CustomId) -> None:
        proof = proof_of(press)
        begin = self.additions.begin_update if kind is Kind.UPDATE else self.additions.begin_answer
        story = await begin(press.number(0), proof, interaction.user.id)
        await self._check(interaction, kind, story)
        custom_id = written(story.id, proof or BY_ACCOUNT)
        await open_form(interaction, screens.addition_form(self.words, kind, story, custom_id))

    async def _keep(self, interaction: Interaction, press: Press, kind: Kind) -> None:
        self.bot.gate.check(DRAFTS, interaction.user.id)
        story = await self.additions.about(press.number(0))
        if kind is Kind.REPLY:
            require_member(interaction, story.circle)
        thin = self._thin(interaction, kind, story)
        text = self._begun(press, story) if kind is Kind.REPLY else press.fields.get(screens.TEXT, "")
        text = written(text, SPACE[kind])
        noticed = await self._look(kind, story, text)
        found = await self.additions.keep(kind, story.id, text, thin=thin, checked=noticed.checked)
        self.bot.gate.count(DRAFTS, interaction.user.id)
        await self._first_or_show(interaction, found, noticed)

    def _begun(self, press: Press, story: StoryRef) -> str:
        """A reply, with the beginning that was chosen for it."""
        text, chosen = clean(press.fields.get(screens.TEXT, "")), press.fields.get(screens.BEGIN, "")
        ways = {way.name: way.begin for way in screens.starters(self.words, story)}
        return begun(ways[chosen], text, SPACE[Kind.REPLY], load_lexicon()) if chosen in ways else text

    async def _look(self, kind: Kind, story: StoryRef, text: str, before: Checked = NOTHING) -> Noticed:
        listens = kind is Kind.REPLY and story.ask is Ask.LISTEN
        return await self.bot.checks.look(story.circle, {screens.TEXT: text}, before, listens=listens)

    async def _first_or_show(self, interaction: Interaction, found: OpenAddition, noticed: Noticed) -> None:
        circle_id = found.story.circle.id
        if not await noticed_first(interaction, screens.FORM, found.receipt, circle_id, noticed):
            await self._show(interaction, found, with_rest=True)

    async def _check(self, interaction: Interaction, kind: Kind, story: StoryRef) -> None:
        """Before words are typed that could not be posted. Raises Often, or OftenHere."""
        self.bot.gate.check(LIMITS[kind], interaction.user.id)
        if LIMITS[kind] is REPLIES:
            most = (await self.bot.services.caring.plan(story.circle.id)).most_replies
            self.bot.gate.check_here(REPLIES_A_DAY, most, interaction.user.id, story.circle.id)
        self.bot.gate.check(DRAFTS, interaction.user.id)

    def _thin(self, interaction: Interaction, kind: Kind, story: StoryRef) -> bool:
        """Whether to say how thin being unnamed is in a small circle: once a person, in memory alone."""
        told_of = story.circle.small and not (kind is Kind.UPDATE and story.named)
        scope = story.circle.id
        return told_of and self.bot.gate.first_time(SMALL_CIRCLE_IN_A_THREAD, interaction.user.id, scope)

    async def edit(self, interaction: Interaction, press: Press) -> None:
        """*Edit*: the form again, with what was written."""
        found = await self.additions.draft(receipt_of(press))
        custom_id = ids.ADDITION_EDITED(found.receipt, found.addition.revision)
        addition = found.addition
        form = screens.addition_form(self.words, addition.kind, found.story, custom_id, addition.text)
        await open_form(interaction, form)

    async def edited(self, interaction: Interaction, press: Press) -> None:
        """Submitted again: the preview is replaced in place."""
        self.bot.gate.check(DRAFTS, interaction.user.id)
        before = await self.additions.draft(receipt_of(press))
        kind = before.addition.kind
        text = written(press.fields.get(screens.TEXT, ""), SPACE[kind])
        noticed = await self._look(kind, before.story, text, before.addition.checked)
        found = await self.additions.rewrite(before.receipt, text, noticed.checked)
        self.bot.gate.count(DRAFTS, interaction.user.id)
        await self._first_or_show(interaction, found, noticed)

    async def post(self, interaction: Interaction, press: Press) -> None:
        """*Post*."""
        gate, user_id = self.bot.gate, interaction.user.id

        def admit(kind: Kind, circle: CircleInfo, care: CarePlan) -> None:
            if kind is Kind.REPLY:  # the teller's own are theirs by the code, also from elsewhere
                require_member(interaction, circle)
            gate.check(LIMITS[kind], user_id)
            if LIMITS[kind] is REPLIES:
                gate.check_here(REPLIES_A_DAY, care.most_replies, user_id, circle.id)

        done = await self.additions.post(receipt_of(press), press.number(1), user_id, admit)
        if isinstance(done, Added):
            self.bot.deliverer.wake()
            if not done.again:
                await gate.slow(LIMITS[done.kind], user_id)
                gate.count(LIMITS[done.kind], user_id)
                if LIMITS[done.kind] is REPLIES:
                    gate.count(REPLIES_A_DAY, user_id, done.story.circle.id)
            await answer(interaction, screens.after_posting(self.words, done))
        elif done.asks:
            await answer(interaction, screens.post_all_the_same(self.words, done))
        else:
            await self._show(interaction, done)

    async def discard(self, interaction: Interaction, press: Press) -> None:
        """*Discard* asks once."""
        receipt = receipt_of(press)
        sure, back = ids.ADDITION_DISCARD_SURE(receipt), ids.ADDITION_BACK(receipt)
        await answer(interaction, discard_question(self.words, sure, back))

    async def discard_sure(self, interaction: Interaction, press: Press) -> None:
        """The draft goes."""
        await self.additions.discard(receipt_of(press))
        await say(interaction, self.words("stories.discard.done"))

    async def back(self, interaction: Interaction, press: Press) -> None:
        """Back to the preview."""
        await self._show(interaction, await self.additions.draft(receipt_of(press)))

    # what the checks need of a form (``bot.checks.CheckedForm``)

    def holds(self, payload: Mapping[str, object]) -> bool:
        """Whether a draft is one of an addition."""
        return payload.get("kind") in tuple(Kind) and "story_id" in payload

    async def opened(self, receipt: str) -> OpenWords:
        """A draft's words."""
        found = await self.additions.draft(receipt)
        parts, limits = {screens.TEXT: found.addition.text}, {screens.TEXT: SPACE[found.addition.kind]}
        return OpenWords(found.story.circle, parts, limits, found.addition.checked, found.addition.revision)

    async def change(
        self,
        interaction: Interaction,
        receipt: str,
        revision: int,
        checked: Checked,
        parts: Mapping[str, str] | None = None,
    ) -> None:
        """What was decided, and the words if they changed by it."""
        text = parts[screens.TEXT] if parts is not None else None
        found = await self.additions.rewrite(receipt, text, checked, only=revision)
        await self._show(interaction, found, with_rest=parts is not None)

    async def show(self, interaction: Interaction, receipt: str) -> None:
        """The preview as it stands, all of it."""
        await self._show(interaction, await self.additions.draft(receipt), with_rest=True)

    def discard_id(self, receipt: str) -> str:
        """The custom_id of *Discard*."""
        return ids.ADDITION_DISCARD(receipt)

    async def _show(self, interaction: Interaction, found: OpenAddition, *, with_rest: bool = False) -> None:
        refusal = unfit(found.addition.text, await self.bot.services.caring.plan(found.story.circle.id))
        first, *rest = screens.preview(self.words, found, self.bot.settings.window_days, refusal)
        await answer(interaction, first)
        for more in rest if with_rest else ():
            await answer_beside(interaction, more)

    async def withdraw(self, interaction: Interaction, press: Press) -> None:
        """*Take it back* asks once."""
        sure = ids.REPLY_WITHDRAW_SURE(receipt_of(press))
        question = self.words("additions.withdraw.question")
        await answer(interaction, withdraw_question(self.words, question, sure))

    async def withdraw_sure(self, interaction: Interaction, press: Press) -> None:
        """The reply goes."""
        seen = await self.bot.services.own_stories.withdraw_reply(receipt_of(press))
        self.bot.deliverer.wake()
        done = "additions.withdraw.done" if seen else "additions.withdraw.done_waiting"
        await say(interaction, self.words(done))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, editing, words = AdditionHandlers(bot), AdditionEditing(bot), bot.words

    async def reply_menu(interaction: Interaction, message: discord.Message) -> None:
        await handlers.reply_menu(interaction, message)

    menu = app_commands.ContextMenu(name=words("additions.menu"), callback=reply_menu)
    return Feature(
        name="additions",
        commands=(menu,),
        routes=(
            Route(ids.REPLY, handlers.reply, Ack.SELF),
            Route(ids.REPLY_WRITTEN, handlers.reply_written, Ack.SELF),
            Route(ids.STORY_UPDATE, handlers.update, Ack.SELF),
            Route(ids.UPDATE_WRITTEN, handlers.update_written, Ack.SELF),
            Route(ids.ANSWER, handlers.answer, Ack.SELF),
            Route(ids.ANSWER_WRITTEN, handlers.answer_written, Ack.SELF),
            Route(ids.ADDITION_EDIT, handlers.edit, Ack.SELF),
            Route(ids.ADDITION_EDITED, handlers.edited, Ack.SELF),
            Route(ids.ADDITION_POST, handlers.post, Ack.UPDATE),
            Route(ids.ADDITION_DISCARD, handlers.discard, Ack.UPDATE),
            Route(ids.ADDITION_DISCARD_SURE, handlers.discard_sure, Ack.UPDATE),
            Route(ids.ADDITION_BACK, handlers.back, Ack.UPDATE),
            Route(ids.REPLY_WITHDRAW, handlers.withdraw),
            Route(ids.REPLY_WITHDRAW_SURE, handlers.withdraw_sure, Ack.UPDATE),
            *editing.routes(),
        ),
        checked={screens.FORM: handlers, **editing.checked},
        renderers=renderers(words, bot.services.thread_posts, bot.services.retracting),
    )
