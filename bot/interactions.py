"""What discord.py lacks: presses and forms that survive restarts, answer in time and report errors.

The meaning of every button, select and form stands in its custom_id (``feature:v1:action:arguments``).
Views and forms are stopped before they are sent, so discord.py stores none of them: a stored form with
a fixed id is shared between people, one with a random id loses what is submitted after a restart, and a
stored view leaks memory for every message. Instead the router finds the handler by pattern, from the
payload that Discord sends, and there is one place where errors are told.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import aiohttp
import discord
from discord import ui

from bot import screen
from bot.errors import Refusal
from bot.operating.measures import COUNTED, Measures
from bot.pressing import pressed
from bot.words_back import words_back

if TYPE_CHECKING:
    from bot.client import Bot

Interaction: TypeAlias = discord.Interaction["Bot"]
log = logging.getLogger(__name__)

TEXT_INPUT = 4
"""Discord's number of a text input (its component reference)."""
FORGOTTEN, ALREADY_ANSWERED, OVER = 10062, 40060, 50027
"""Discord's codes for an interaction that can't be answered any more (its list of JSON error codes):
unknown, answered already, and its token over, as it is after fifteen minutes."""
UNREACHED = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What an answer fails with: Discord refuses it, or the connection breaks."""
PATIENCE = 1.5
"""Seconds that a form's words may take to be stored before they are given back instead."""


class CustomId:
    """One pattern of custom_ids: ``feature:v1:action`` and the names of its arguments.

    Posted messages live for years, so a pattern is never changed; a new version stands beside it.
    """

    def __init__(self, feature: str, action: str, *arguments: str, version: int = 1) -> None:
        self.key = f"{feature}:v{version}:{action}"
        self.arguments = arguments

    def __call__(self, *values: object) -> str:
        """The custom_id for these arguments. Raises ValueError when they don't fit the pattern."""
        parts = [str(int(value)) if isinstance(value, bool) else str(value) for value in values]
        if len(parts) != len(self.arguments) or any(":" in part or not part for part in parts):
            raise ValueError(f"{self.key} takes {self.arguments}")
        made = ":".join((self.key, *parts))
        if len(made) > 100:
            raise ValueError(f"{self.key} became longer than Discord's 100 characters")
        return made

    def __repr__(self) -> str:
        return ":".join((self.key, *(f"<{name}>" for name in self.arguments)))


class Ack(Enum):
    """How a press is acknowledged before its handler works."""

    SELF = "the handler answers at once itself: it opens a form, or its first answer is the words"
    PRIVATE = "a new private answer is announced"
    UPDATE = "the private message that was pressed will be replaced in place"


@dataclass(frozen=True, slots=True, repr=False)
class Press:
    """What a handler gets: the arguments of the custom_id, and what was chosen or typed."""

    arguments: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    """What was chosen in a select: values, or ids of roles as text."""
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    """What was typed or chosen in a form, by the custom_id of each control."""

    def number(self, index: int) -> int:
        """An argument that is an id. Raises Refusal when it can't be one."""
        given = self.arguments[index]
        if not (given.isascii() and given.isdecimal()) or len(given) > 19 or int(given) >= 2**63:
            raise Refusal("refusals.old_button")
        return int(given)


Handler = Callable[[Interaction, Press], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """Which handler answers which custom_ids, and how they are acknowledged."""

    id: CustomId
    handler: Handler
    ack: Ack = Ack.PRIVATE


class Heard:
    """The latest interactions, by their ids: a connection that is mended may tell of one once more."""

    def __init__(self, most: int = 4096) -> None:
        self._order: deque[int] = deque()
        self._known: set[int] = set()
        self._most = most

    def before(self, interaction_id: int) -> bool:
        """Whether this one was heard already; from now on it was."""
        if interaction_id in self._known:
            return True
        if len(self._order) == self._most:
            self._known.discard(self._order.popleft())
        self._order.append(interaction_id)
        self._known.add(interaction_id)
        return False


class Router:
    """Finds the handler of a press by its custom_id, acknowledges, and reports what goes wrong."""

    def __init__(self, routes: Iterable[Route], measures: Measures | None = None) -> None:
        self._measures = measures or Measures()
        self._heard = Heard()
        self._routes: dict[str, Route] = {}
        for route in routes:
            if route.id.key in self._routes:
                raise ValueError(f"two routes for {route.id!r}")
            self._routes[route.id.key] = route

    async def dispatch(self, interaction: Interaction) -> None:
        """Answer a press or a submitted form, once. Other interactions are left alone."""
        began = self._measures.clock()
        data = cast(dict[str, Any], interaction.data or {})
        custom_id = data.get("custom_id")
        if not isinstance(custom_id, str) or self._heard.before(interaction.id):
            return
        key, arguments = _split(custom_id)
        heard(interaction)
        pressed(open=key.partition(":")[0] in COUNTED)
        route = self._routes.get(key)
        components = cast(list[dict[str, Any]], data.get("components", []))
        fields, typed = read_fields(components), read_fields(components, only=TEXT_INPUT)
        if route is None or len(arguments) != len(route.id.arguments) or not _may_replace(interaction, route):
            await report(interaction, Refusal("refusals.old_button"), typed)
            return
        press = Press(arguments, tuple(data.get("values", ())), fields)
        try:
            await self._answer(interaction, route, press, typed, began)
        except Exception as error:
            await report(interaction, error, typed)

    async def _answer(
        self, interaction: Interaction, route: Route, press: Press, typed: Mapping[str, str], began: float
    ) -> None:
        if route.ack is Ack.PRIVATE:
            await interaction.response.defer(ephemeral=True, thinking=True)
        elif route.ack is Ack.UPDATE:
            await interaction.response.defer()
        elif typed:
            await _with_patience(interaction, route, press, typed)
        else:
            await route.handler(interaction, press)
        self._measures.acknowledged(route.id.key, began)
        if route.ack is not Ack.SELF:
            await route.handler(interaction, press)


async def _with_patience(
    interaction: Interaction, route: Route, press: Press, typed: Mapping[str, str]
) -> None:
    """A form's first answer is the handler's own; if storing takes too long, the words come back first."""
    work = asyncio.ensure_future(route.handler(interaction, press))
    await asyncio.wait({work}, timeout=PATIENCE)
    if not work.done() and not interaction.response.is_done():
        try:
            await words_back(interaction, interaction.client.words("errors.slow"), typed)
        except UNREACHED as failure:  # the handler's own answer was faster after all, or Discord is away
            log.info("words were not given back early (%s)", _why(failure))
    await work


def _why(failure: BaseException) -> str:
    """What an answer failed with, short enough for a line of the log: Discord's code, or the error's name."""
    return str(failure.code) if isinstance(failure, discord.HTTPException) else type(failure).__name__


def _split(custom_id: str) -> tuple[str, tuple[str, ...]]:
    parts = custom_id.split(":")
    return ":".join(parts[:3]), tuple(parts[3:])


def read_fields(components: list[dict[str, Any]], only: int | None = None) -> dict[str, str]:
    """What a submitted form holds, by the custom_id of each control; several choices are joined by commas.

    ``only`` keeps one type of control, by Discord's number of it.
    """
    found: dict[str, str] = {}
    for component in components:
        inner = component.get("component")
        children = component.get("components", []) if inner is None else [inner]
        for child in cast(list[dict[str, Any]], children):
            if "custom_id" not in child or only not in {None, child.get("type")}:
                continue
            value = child.get("value", child.get("values", ""))
            if isinstance(value, list):
                value = ",".join(str(item) for item in cast(list[object], value))
            found[child["custom_id"]] = str(value or "")
    return found


def heard(interaction: Interaction) -> None:
    """Whoever presses anything in a server was here lately: their display name is one to mark."""
    channel = interaction.channel
    if interaction.guild_id is not None and channel is not None:
        place = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
        interaction.client.lately.heard(place, interaction.user.display_name)


async def open_form(interaction: Interaction, form: ui.Modal) -> None:
    """Open a form. It is stopped first, so that discord.py doesn't keep it."""
    form.stop()
    await interaction.response.send_modal(form)


async def acknowledge(interaction: Interaction) -> None:
    """For commands: announce a private answer at once, then work."""
    await interaction.response.defer(ephemeral=True, thinking=True)


async def answer(interaction: Interaction, view: ui.LayoutView) -> None:
    """The one way to answer: always private.

    After an acknowledgement it fills the announced answer, or replaces the pressed private message. As a
    first answer it replaces the private message that the form or button stood on, or makes a new one.
    """
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view)
        return
    try:
        if _stands_on_private(interaction):
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
    except discord.HTTPException as error:
        if error.code != ALREADY_ANSWERED:
            raise
        # the words were given back at the same moment: the answer comes beside them
        await interaction.followup.send(view=view, ephemeral=True)


async def answer_beside(interaction: Interaction, view: ui.LayoutView, **kwargs: Any) -> None:
    """A further private message beside the answer, or beside the message that was pressed."""
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(view=view, ephemeral=True, **kwargs)
            return
        except discord.HTTPException as error:
            if error.code != ALREADY_ANSWERED:  # the words were given back at the same moment
                raise
    await interaction.followup.send(view=view, ephemeral=True, **kwargs)


def _may_replace(interaction: Interaction, route: Route) -> bool:
    """A press replaces a person's own private message, and never one that everybody sees, whatever
    custom_id somebody sends."""
    return route.ack is not Ack.UPDATE or interaction.guild_id is None or _stands_on_private(interaction)


def _stands_on_private(interaction: Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral


async def report(interaction: Interaction, error: Exception, fields: Mapping[str, str] | None = None) -> None:
    """The one error reporter, for commands, buttons and forms. In this order:

    1. A Refusal becomes its kind sentence. 2. An interaction that Discord has forgotten, that was already
    answered or that is over can't be answered any more: noted, nothing else. 3. Anything else is an
    apology with a reference that stands in the log beside the error, never beside what was typed; where
    the connection broke a line is enough there. In every case words that were typed come back to the person.
    """
    words = interaction.client.words
    if isinstance(error, Refusal):
        sentence = words.refusal(error)
    elif isinstance(error, discord.HTTPException) and error.code in {FORGOTTEN, ALREADY_ANSWERED, OVER}:
        log.info("an interaction could not be answered in time (%s)", error.code)
        return
    else:
        reference = secrets.token_hex(3).upper()
        if isinstance(error, aiohttp.ClientError):
            log.warning("reference %s: the connection broke while answering (%s)", reference, _why(error))
        else:
            log.error("reference %s: %s", reference, type(error).__name__, exc_info=error)
        sentence = words("errors.apology", reference=reference, contact=interaction.client.settings.contact)
    try:
        await words_back(interaction, sentence, fields or {})
    except UNREACHED as failure:
        log.info("a person could not be told (%s)", _why(failure))


async def say(interaction: Interaction, sentence: str) -> None:
    """Answer with a sentence alone."""
    await answer(interaction, screen.screen(screen.text(sentence)))
