"""Stories: telling one, how it looks, and what its teller can do with it."""

from __future__ import annotations

from discord import app_commands

from bot.client import Bot
from bot.feature import ALSO_PRIVATELY, Feature, PersonalData, command
from bot.interactions import Ack, Interaction, Route
from bot.rules.stories import Voice
from cogs import custom_ids as ids
from cogs.stories.added import AddedHandlers
from cogs.stories.editing import StoryEditing
from cogs.stories.own import OwnHandlers
from cogs.stories.preview import FORM
from cogs.stories.renderers import renderers
from cogs.stories.telling import TellingHandlers


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    telling, own, words = TellingHandlers(bot), OwnHandlers(bot), bot.words
    added, editing = AddedHandlers(bot), StoryEditing(bot)
    group = app_commands.Group(
        name="story", description=words("stories.commands.story"), allowed_contexts=ALSO_PRIVATELY
    )

    @group.command(name="mine", description=words("stories.commands.mine"))
    async def mine(interaction: Interaction) -> None:
        await own.mine_command(interaction)

    @group.command(name="receipt", description=words("stories.commands.receipt"))
    async def receipt(interaction: Interaction) -> None:
        await own.receipt_command(interaction)

    @app_commands.describe(named=words("stories.commands.named"))
    async def share(interaction: Interaction, named: bool = False) -> None:
        await telling.share_command(interaction, Voice.NAMED if named else Voice.UNNAMED)

    return Feature(
        name="stories",
        commands=(group, command("share", words("stories.commands.share"), share)),
        routes=(
            Route(ids.SHARE, telling.share, Ack.SELF),
            Route(ids.STORY_TOLD, telling.told, Ack.SELF),
            Route(ids.DRAFT_EDIT, telling.edit, Ack.SELF),
            Route(ids.DRAFT_EDITED, telling.edited, Ack.SELF),
            Route(ids.DRAFT_VOICE, telling.change_voice, Ack.UPDATE),
            Route(ids.DRAFT_QUOTE, telling.change_quote, Ack.UPDATE),
            Route(ids.DRAFT_THEME, telling.choose_theme, Ack.UPDATE),
            Route(ids.DRAFT_NOTE, telling.choose_note, Ack.UPDATE),
            Route(ids.DRAFT_POST, telling.post, Ack.UPDATE),
            Route(ids.DRAFT_DISCARD, telling.discard, Ack.UPDATE),
            Route(ids.DRAFT_DISCARD_SURE, telling.discard_sure, Ack.UPDATE),
            Route(ids.DRAFT_BACK, telling.back, Ack.UPDATE),
            Route(ids.STORY_MINE, own.this_is_mine, Ack.SELF),
            Route(ids.RECEIPT_GIVEN, own.receipt_given),
            Route(ids.RECEIPT_ANY, own.receipt_any),
            Route(ids.STORY_PANEL, own.panel),
            Route(ids.STORY_WITHDRAW, own.withdraw),
            Route(ids.STORY_WITHDRAW_SURE, own.withdraw_sure, Ack.UPDATE),
            Route(ids.CODE_TO_DM, own.code_to_dm),
            Route(ids.CODE_TO_DM_SURE, own.code_to_dm_sure, Ack.UPDATE),
            Route(ids.CODE_DELETE, own.code_delete, Ack.UPDATE),
            Route(ids.CODE_USE, own.code_use),
            Route(ids.CODE_ENTER, own.code_enter, Ack.SELF),
            Route(ids.STORY_CLOSE, own.close, Ack.UPDATE),
            Route(ids.STORY_REOPEN, own.reopen, Ack.UPDATE),
            Route(ids.STORY_ADDED, own.added),
            Route(ids.MINE_PAGE, own.mine_page, Ack.UPDATE),
            Route(ids.ADDED_MINE, added.this_is_mine, Ack.SELF),
            Route(ids.ADDED_CODE, added.code_given, Ack.SELF),
            Route(ids.ADDED_PANEL, added.panel),
            Route(ids.ADDED_WITHDRAW, added.withdraw),
            Route(ids.ADDED_WITHDRAW_SURE, added.withdraw_sure, Ack.UPDATE),
            Route(ids.OWN_WORDS, own.words_to_copy),
            Route(ids.KEEP, own.keep, Ack.UPDATE),
            *editing.routes(),
        ),
        renderers=renderers(words, bot.services.publishing, bot.services.retracting, bot.services.edits_due),
        checked={FORM: telling, **editing.checked},
        personal_data=(
            PersonalData(
                "stories.personal_data",
                bot.services.own_stories.erase_named,
                bot.services.privacy.named_stories,
            ),
        ),
    )
