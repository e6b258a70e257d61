"""Keeping a circle safe: moderators remove, lock, note, mute, without learning who told what."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import Bot
from bot.feature import DueSource, Feature
from bot.interactions import Ack, Interaction, Press, Route, say
from cogs import custom_ids as ids
from cogs.moderation.acting import ActingHandlers
from cogs.moderation.removing import RemovingHandlers
from cogs.moderation.renderers import renderers
from cogs.moderators_notes import ModeratorsNotes

HIGHEST_NUMBER = 2**31 - 1
"""What fits the database's column on every engine."""
Number = app_commands.Range[int, 1, HIGHEST_NUMBER]


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    acting, removing, words = ActingHandlers(bot), RemovingHandlers(bot), bot.words
    notes = ModeratorsNotes(bot)

    async def keep(interaction: Interaction, _press: Press) -> None:
        await say(interaction, words("moderation.kept"))

    async def remove_menu(interaction: Interaction, message: discord.Message) -> None:
        await removing.menu(interaction, message)

    return Feature(
        name="moderation",
        commands=(
            _commands(bot, acting, removing, notes),
            app_commands.ContextMenu(name=words("moderation.menu"), callback=remove_menu),
        ),
        routes=(
            Route(ids.MODERATE_REMOVE, removing.remove_pressed_before, Ack.UPDATE),
            Route(ids.MODERATE_REMOVE_2, removing.remove_pressed, Ack.UPDATE),
            Route(ids.MODERATE_REMOVE_ASK, removing.asked, Ack.UPDATE),
            Route(ids.MODERATE_REMOVE_WHY, removing.why_chosen, Ack.UPDATE),
            Route(ids.MODERATE_BACK, removing.bring_back, Ack.UPDATE),
            Route(ids.MODERATE_LOCK, acting.lock_pressed, Ack.UPDATE),
            Route(ids.MODERATE_LOCK_WHY, acting.lock_why, Ack.UPDATE),
            Route(ids.MODERATE_NOTE, acting.note_chosen, Ack.UPDATE),
            Route(ids.MODERATE_NOTE_WHY, acting.note_why, Ack.UPDATE),
            Route(ids.MODERATE_MUTE, acting.mute_pressed_before, Ack.UPDATE),
            Route(ids.MODERATE_MUTE_2, acting.mute_pressed, Ack.UPDATE),
            Route(ids.MODERATE_MUTE_WHY, acting.mute_why, Ack.UPDATE),
            Route(ids.MODERATE_KEEP, keep, Ack.UPDATE),
            *notes.routes(),
        ),
        renderers=renderers(bot),
        due=(DueSource("removals", bot.services.removing.due, bot.services.removing.next_due),),
    )


def _commands(
    bot: Bot, acting: ActingHandlers, removing: RemovingHandlers, notes: ModeratorsNotes
) -> app_commands.Group:
    words = bot.words
    group = app_commands.Group(name="moderate", description=words("moderation.commands.moderate"))
    describe = app_commands.describe(story=words("moderation.commands.story"))

    @group.command(name="remove", description=words("moderation.commands.remove"))
    @describe
    async def remove(interaction: Interaction, story: Number) -> None:
        await removing.remove(interaction, story)

    @group.command(name="undo", description=words("moderation.commands.undo"))
    @describe
    async def undo(interaction: Interaction, story: Number) -> None:
        await removing.undo(interaction, story)

    @group.command(name="lock", description=words("moderation.commands.lock"))
    @describe
    async def lock(interaction: Interaction, story: Number) -> None:
        await acting.lock(interaction, story)

    @group.command(name="unlock", description=words("moderation.commands.unlock"))
    @describe
    async def unlock(interaction: Interaction, story: Number) -> None:
        await acting.unlock(interaction, story)

    @group.command(name="note", description=words("moderation.commands.note"))
    @describe
    async def note(interaction: Interaction, story: Number) -> None:
        await acting.note(interaction, story)

    @group.command(name="mute", description=words("moderation.commands.mute"))
    @describe
    @app_commands.describe(until=words("moderation.commands.until"))
    @app_commands.autocomplete(until=acting.spans)
    async def mute(interaction: Interaction, story: Number, until: str) -> None:
        await acting.mute(interaction, story, until)

    @group.command(name="unmute", description=words("moderation.commands.unmute"))
    @describe
    async def unmute(interaction: Interaction, story: Number) -> None:
        await acting.unmute(interaction, story)

    @group.command(name="write", description=words("moderation.commands.write"))
    @describe
    async def write(interaction: Interaction, story: Number) -> None:
        await notes.write(interaction, story)

    @group.command(name="notes", description=words("moderation.commands.notes"))
    async def written(interaction: Interaction) -> None:
        await notes.notes(interaction)

    return group
