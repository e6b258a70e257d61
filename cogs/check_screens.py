"""What is seen of what was noticed in somebody's words: marks and what to do with them, and the page about
danger. A form shows ``marks_block`` in its preview, and ``noticed_first`` before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.checks import Noticed
from bot.content.care import DangerPage, danger_page, kept_for_later
from bot.content.words import Words
from bot.interactions import Interaction, answer
from bot.rules.checked import Checked, Group, groups, proposals
from bot.rules.details import IDENTIFIES
from bot.rules.text import escape, shorten
from cogs.custom_ids import CHECK_BACK, CHECK_CHANGE, CHECK_GENERAL, CHECK_KEEP, CHECK_LATER, CHECK_PICK
from cogs.own_words import code_button, code_shown

AT_ONCE = 24
"""Marks that a select offers; Discord's twenty-fifth option leads to more."""
MORE = "more"
_SAID, _INSTEAD, _AROUND = 40, 40, 40
_WITH_PLACES = 6
"""So many picked marks are shown where they stand."""
_NAMED = 5
_OWN_LINES, _LINE = 10, 150
"""Of a circle's own lines of help, so that the page fits a message."""


def fitting(build: Callable[[int], LayoutView], room: int) -> LayoutView:
    """A message whose text is built for some room, or for less if Discord would find it too long."""
    view = build(room)
    over = screen.text_length(view) - screen.TEXT_LIMIT
    return view if over <= 0 else build(max(room - over - _AROUND, 2))


def marks_block(
    words: Words, form: str, receipt: str, revision: int, parts: Mapping[str, str], checked: Checked
) -> tuple[screen.Part | None, ...]:
    """What is marked, with *Generalise* and the select of single marks; nothing if nothing is."""
    found = groups(parts, checked)
    if not found:
        return ()
    sure = sum(group.level == IDENTIFIES for group in found)
    lines = [_counted(words, "sure", sure), _counted(words, "look", len(found) - sure)]
    label = words("checks.marks.generalise" if sure > 1 else "checks.marks.generalise_one", count=sure)
    return (
        screen.text("\n".join(line for line in lines if line)),
        screen.row(screen.button(label, CHECK_GENERAL(form, receipt, revision))) if sure else None,
        select(words, form, receipt, revision, parts, checked),
    )


def _counted(words: Words, what: str, count: int) -> str:
    if not count:
        return ""
    return words(f"checks.marks.{what}_one") if count == 1 else words(f"checks.marks.{what}", count=count)


def select(
    words: Words,
    form: str,
    receipt: str,
    revision: int,
    parts: Mapping[str, str],
    checked: Checked,
    page: int = 0,
) -> screen.Part:
    """Marks to choose from, one or several; the last option leads to those that have no room."""
    found, instead = groups(parts, checked), proposals(parts, checked)
    shown = found[page * AT_ONCE : (page + 1) * AT_ONCE]
    options = [
        discord.SelectOption(
            label=_option(words, one, instead),
            value=str(number),
            description=_about(words, one),
        )
        for number, one in enumerate(shown)
    ]
    if len(found) > (page + 1) * AT_ONCE:
        options.append(discord.SelectOption(label=words("checks.marks.more"), value=MORE))
    return ui.ActionRow(
        ui.Select(
            custom_id=CHECK_PICK(form, receipt, revision, page),
            placeholder=words("checks.marks.choose"),
            options=options,
            max_values=len(options),
        )
    )


def _about(words: Words, group: Group) -> str:
    kind, count = words(f"checks.types.{group.type}"), len(group.marks)
    if count == 1:
        return words("checks.marks.about", type=kind)
    return words("checks.marks.about_several", type=kind, count=count)


def _option(words: Words, group: Group, instead: Mapping[str, str]) -> str:
    proposed = _plain(instead.get(group.said, ""), _INSTEAD) or words("checks.marks.left_out")
    return words("checks.marks.option", said=_plain(group.shown, _SAID), instead=proposed)


def _plain(text: str, limit: int) -> str:
    """On one line, and short."""
    return shorten(" ".join(text.split()), limit)


def picked_page(
    words: Words,
    form: str,
    receipt: str,
    revision: int,
    page: int,
    chosen: Sequence[int],
    parts: Mapping[str, str],
    checked: Checked,
) -> LayoutView:
    """The chosen marks, each with its type and what would stand in its place: *Keep* or *Change*."""
    shown = groups(parts, checked)[page * AT_ONCE : (page + 1) * AT_ONCE]
    picked = [shown[number] for number in chosen]
    instead = proposals(parts, checked)
    key = (form, receipt, revision, page, f"{sum(1 << number for number in chosen):x}")
    one = "_one" if len(picked) == 1 else ""
    lines = (_picked(words, group, parts, instead, places=len(picked) <= _WITH_PLACES) for group in picked)
    return screen.screen(
        screen.text(words("checks.picked.title")),
        screen.text("\n".join(lines)),
        screen.row(
            screen.button(words(f"checks.picked.keep{one}"), CHECK_KEEP(*key)),
            screen.main_button(words(f"checks.picked.change{one}"), CHECK_CHANGE(*key)),
            screen.button(words("checks.picked.back"), CHECK_BACK(form, receipt)),
        ),
    )


def _picked(
    words: Words, group: Group, parts: Mapping[str, str], instead: Mapping[str, str], *, places: bool
) -> str:
    said, kind = escape(_plain(group.shown, _SAID)), words(f"checks.types.{group.type}")
    level = "sure" if group.level == IDENTIFIES else "look"
    lines = [words(f"checks.picked.{level}", said=f"**{said}**", type=kind)]
    proposed = escape(_plain(instead.get(group.said, ""), _INSTEAD))
    if places:
        lines.append(_where(words, group, parts, said))
    lines.append(
        words("checks.picked.instead", instead=proposed)
        if proposed
        else words("checks.picked.instead_left_out")
    )
    return f"{lines[0]}\n" + "\n".join(f"-# {line}" for line in lines[1:])


def _where(words: Words, group: Group, parts: Mapping[str, str], said: str) -> str:
    mark = group.marks[0]
    text = parts[mark.part]
    before, after = text[max(0, mark.start - _AROUND) : mark.start], text[mark.end : mark.end + _AROUND]
    if mark.start > _AROUND:
        before = f"…{before.partition(' ')[2]}"
    if mark.end + _AROUND < len(text):
        after = f"{after.rpartition(' ')[0]}…"
    return words("checks.picked.where", before=_one_line(before), said=said, after=_one_line(after))


def _one_line(piece: str) -> str:
    """Escaped, with a space at an end where there was one: `escape` takes it away."""
    inner = " ".join(piece.split())
    if not inner:
        return " " if piece else ""
    return f"{' ' * piece[0].isspace()}{escape(inner)}{' ' * piece[-1].isspace()}"


def further_page(
    words: Words,
    form: str,
    receipt: str,
    revision: int,
    page: int,
    parts: Mapping[str, str],
    checked: Checked,
) -> LayoutView:
    """The select again, with further marks."""
    return screen.screen(
        screen.text(words("checks.picked.further")),
        select(words, form, receipt, revision, parts, checked, page),
        screen.row(screen.button(words("checks.picked.back"), CHECK_BACK(form, receipt))),
    )


def left_question(
    words: Words,
    form: str,
    receipt: str,
    revision: int,
    parts: Mapping[str, str],
    checked: Checked,
    as_it_is: tuple[str, str],
) -> LayoutView:
    """Asked once when something is left that surely identifies somebody. ``as_it_is``: label and custom_id of
    going on all the same."""
    left = [group for group in groups(parts, checked) if group.level == IDENTIFIES]
    said = ", ".join(f"“{escape(_plain(group.shown, _SAID))}”" for group in left[:_NAMED])
    if len(left) > _NAMED:
        said = words("checks.left.several", said=said, count=len(left) - _NAMED)
    return screen.screen(
        screen.text(words("checks.left.question", said=said)),
        screen.row(
            screen.main_button(
                words("checks.left.generalise"), CHECK_GENERAL(form, receipt, revision)
            ),
            screen.button(*as_it_is),
            screen.button(words("checks.picked.back"), CHECK_BACK(form, receipt)),
        ),
    )  # fmt: skip


async def noticed_first(
    interaction: Interaction, form: str, receipt: str, circle_id: int, noticed: Noticed
) -> bool:
    """If the words sound like danger: show their writer, before the preview, where they can turn to.

    Returns whether it was shown. Nothing about it is told, counted or logged.
    """
    page = await danger_shown(interaction, form, receipt, circle_id, noticed)
    if page is not None:
        await answer(interaction, page)
    return page is not None


async def danger_shown(
    interaction: Interaction, form: str, receipt: str, circle_id: int, noticed: Noticed
) -> LayoutView | None:
    """The same page, for who shows it otherwise than in place of the preview; None if there is no need."""
    if noticed.danger is None:
        return None
    bot = interaction.client
    care = await bot.services.caring.plan(circle_id)
    country = bot.help.country(care.country) if care.country else None
    own = [escape(shorten(line, _LINE)) for line in care.help_lines[:_OWN_LINES]]
    page = danger_page(bot.words, noticed.danger, bot.help, country, own)
    discard = bot.checked_forms[form].discard_id(receipt)
    return danger_view(page, form, receipt, discard)


def danger_view(page: DangerPage, form: str, receipt: str, discard: str) -> LayoutView:
    """The page about danger; whoever goes on sees the ordinary preview."""
    leads = {"post": CHECK_BACK(form, receipt), "keep": CHECK_LATER(form, receipt), "discard": discard}
    buttons = (screen.button(choice.label, leads[choice.name]) for choice in page.choices)
    return screen.screen(*(screen.text(paragraph) for paragraph in page.paragraphs), screen.row(*buttons))


def kept_page(words: Words, form: str, receipt: str, until: date) -> LayoutView:
    """Words kept for later: until when, and how to come back to them."""
    day = f"<t:{int(datetime.combine(until, time.min, UTC).timestamp())}:D>"
    return screen.screen(
        screen.text(kept_for_later(words)),
        screen.text(words("checks.later.until", day=day)),
        *code_shown(words, receipt, words("checks.later.copy")),
        screen.row(
            screen.main_button(words("checks.later.back"), CHECK_BACK(form, receipt)),
            code_button(words, receipt),
        ),
    )
