"""Building what people see: Components V2 messages from a few plain parts.

Every view is stopped before it is sent, so discord.py never keeps it in memory; presses are answered
by the router in ``bot/interactions.py``, from the payload.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import ui

Part = ui.Item[Any]
TEXT_LIMIT = 4000
"""Characters of text over one Components V2 message (Discord's message component reference)."""


def screen(*parts: Part | None) -> ui.LayoutView:
    """A whole message from its parts; None is left out."""
    view = ui.LayoutView(timeout=None)
    for part in parts:
        if part is not None:
            view.add_item(part)
    view.stop()
    return view


def text(content: str) -> ui.TextDisplay[Any]:
    """A paragraph or more of Markdown."""
    return ui.TextDisplay(content)


def small(content: str) -> ui.TextDisplay[Any]:
    """Quiet small print, each line of it."""
    return ui.TextDisplay("\n".join(f"-# {line}" for line in content.splitlines() if line.strip()))


def box(*parts: Part | None, spoiler: bool = False) -> ui.Container[Any]:
    """Parts that belong together, framed; ``spoiler`` hides them until somebody looks."""
    return ui.Container(*(part for part in parts if part is not None), spoiler=spoiler)


def line() -> ui.Separator[Any]:
    """A thin line between two thoughts."""
    return ui.Separator()


def row(*items: Part | None) -> ui.ActionRow[Any]:
    """Buttons side by side (at most five), or one select."""
    return ui.ActionRow(*(item for item in items if item is not None))


def button(
    label: str,
    custom_id: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    *,
    disabled: bool = False,
) -> ui.Button[Any]:
    """A button whose meaning is in its custom_id."""
    return ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled)


def main_button(label: str, custom_id: str) -> ui.Button[Any]:
    """The one that most people will want."""
    return button(label, custom_id, discord.ButtonStyle.primary)


def grave_button(label: str, custom_id: str) -> ui.Button[Any]:
    """One that takes something away."""
    return button(label, custom_id, discord.ButtonStyle.danger)


def link_button(label: str, url: str) -> ui.Button[Any]:
    """One that opens a place in Discord or on the web."""
    return ui.Button(label=label, url=url)


def beside(content: str, item: ui.Button[Any]) -> ui.Section[Any]:
    """A paragraph with its own button at its side."""
    return ui.Section(ui.TextDisplay(content), accessory=item)


def choice(
    custom_id: str,
    options: Iterable[tuple[str, str]],
    *,
    chosen: str | None = None,
    placeholder: str | None = None,
) -> ui.ActionRow[Any]:
    """A select of (value, label) pairs, at most 25, on a row of its own."""
    made = [
        discord.SelectOption(value=value, label=label[:100], default=value == chosen)
        for value, label in options
    ]
    return ui.ActionRow(ui.Select(custom_id=custom_id, options=made, placeholder=placeholder))


def role_choice(custom_id: str, *, chosen: int | None, placeholder: str) -> ui.ActionRow[Any]:
    """A select of the server's roles; choosing none is possible."""
    defaults: Sequence[discord.Object] = [discord.Object(chosen, type=discord.Role)] if chosen else []
    return ui.ActionRow(
        ui.RoleSelect(
            custom_id=custom_id,
            placeholder=placeholder,
            min_values=0,
            max_values=1,
            default_values=list(defaults),
        )
    )


def channel_choice(custom_id: str, *, chosen: int | None, placeholder: str) -> ui.ActionRow[Any]:
    """A select of the server's text channels; choosing none is possible. ``chosen`` must still be there."""
    kind = discord.SelectDefaultValueType.channel
    return ui.ActionRow(
        ui.ChannelSelect(
            custom_id=custom_id,
            channel_types=[discord.ChannelType.text],
            placeholder=placeholder,
            min_values=0,
            max_values=1,
            default_values=[discord.SelectDefaultValue(id=chosen, type=kind)] if chosen else [],
        )
    )


def text_length(view: ui.LayoutView) -> int:
    """How many characters of text a message has, as Discord counts them against ``TEXT_LIMIT``."""
    return sum(len(item.content) for item in view.walk_children() if isinstance(item, ui.TextDisplay))


def marker(delivery_id: str) -> int:
    """The component id by which a message is recognised as the one of a delivery (a positive int32)."""
    digest = hashlib.sha256(delivery_id.encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF | 0x1000


def mark(view: ui.LayoutView, delivery_id: str) -> ui.LayoutView:
    """Put the delivery's marker on the first component of a message."""
    view.children[0].id = marker(delivery_id)
    return view


def is_marked(components: Iterable[object], delivery_id: str) -> bool:
    """Whether a message with these components, as Discord gives them back, bears a delivery's marker."""
    return any(getattr(component, "id", None) == marker(delivery_id) for component in components)
