"""What is seen of a report: the form, and the moderators' private page."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.reports import MOST_WORDS, Reason
from bot.rules.text import escape, shorten
from bot.services.report_desk import OpenReport, Voice
from bot.services.reports import BegunReport
from cogs.custom_ids import (
    MODERATE_REMOVE_ASK,
    REPORT_CLOSE,
    REPORT_PAGE,
    REPORT_WRITTEN,
)

REASON, MORE = "reason", "words"
TEXT_SHOWN = 1200
"""Characters of the reported message on the page; the link shows all of it."""
WORDS_SHOWN = 1000
"""Characters of all that people added, together; each gets an equal part of them, and some words at least."""
WORDS_EACH = 60
DONE, NOTHING = "done", "nothing"
"""How a report is closed: something was done about it, or nothing has to be."""


def report_form(words: Words, message_id: int, begun: BegunReport) -> ui.Modal:
    """The form, with what somebody said before."""
    form = ui.Modal(title=words("reports.form.title"), custom_id=REPORT_WRITTEN(message_id), timeout=None)
    lines = [words("reports.form.again")] if begun.again else []
    form.add_item(ui.TextDisplay("\n\n".join([*lines, words("reports.form.then")])))
    reasons: ui.RadioGroup[Any] = ui.RadioGroup(
        custom_id=REASON,
        options=[
            discord.RadioGroupOption(
                label=words(f"reports.reasons.{reason}"), value=reason, default=reason is begun.reason
            )
            for reason in Reason
        ],
    )
    form.add_item(ui.Label(text=words("reports.form.reason"), component=reasons))
    more: ui.TextInput[Any] = ui.TextInput(
        custom_id=MORE,
        style=discord.TextStyle.paragraph,
        max_length=MOST_WORDS,
        required=False,
        default=begun.words or None,
    )
    about = words("reports.form.words_about")
    form.add_item(ui.Label(text=words("reports.form.words"), description=about, component=more))
    return form


def report_page(words: Words, report: OpenReport) -> LayoutView:
    """One open report, for moderators alone."""
    each = max(WORDS_EACH, WORDS_SHOWN // max(1, len(report.voices)))
    said = [_voice(words, voice, each) for voice in report.voices]
    return screen.screen(
        screen.text(_heading(words, report)),
        screen.box(screen.text(_text(words, report)), spoiler=True),
        screen.text(shorten("\n".join([words("reports.page.why"), *said]), WORDS_SHOWN + 100)),
        screen.small(words("reports.page.by_hand")) if report.kind == "message" else None,
        screen.row(
            _remove_button(words, report),
            screen.button(words("reports.page.done"), REPORT_CLOSE(report.id, DONE)),
            screen.button(words("reports.page.nothing"), REPORT_CLOSE(report.id, NOTHING)),
            screen.link_button(words("reports.page.look"), report.link),
        ),
        _others(words, report),
    )


def closed_view(words: Words, circle_id: int, sentence: str) -> LayoutView:
    """A report is dealt with; the way to the others."""
    more = screen.button(words("reports.page.others"), REPORT_PAGE(circle_id, 0))
    return screen.screen(screen.text(sentence), screen.row(more))


def _heading(words: Words, report: OpenReport) -> str:
    what = words(f"reports.page.what.{report.kind}", number=report.number or "")
    people = len(report.voices)
    lines = [words("reports.page.title", what=what)]
    lines.append(words("reports.page.one" if people == 1 else "reports.page.several", count=people))
    lines.append(
        words("reports.page.today")
        if report.days == 0
        else words("reports.page.yesterday")
        if report.days == 1
        else words("reports.page.days", days=report.days)
    )
    if report.again:
        lines.append(words("reports.page.again"))
    return "\n".join(lines)


def _text(words: Words, report: OpenReport) -> str:
    if not report.text:
        return words("reports.page.no_text")
    return shorten(escape(report.text), TEXT_SHOWN) or words("reports.page.no_text")


def _voice(words: Words, voice: Voice, room: int) -> str:
    reason = words(f"reports.reasons.{voice.reason}")
    if not voice.words:
        return words("reports.page.voice", reason=reason)
    said = shorten(" ".join(escape(voice.words).split()), room)
    return words("reports.page.voice_words", reason=reason, words=said)


def _remove_button(words: Words, report: OpenReport) -> screen.Part | None:
    """For what the bot itself has posted. A person's own message is removed in Discord."""
    if report.kind == "message" or report.subject is None:
        return None
    asks = MODERATE_REMOVE_ASK(report.kind, report.subject)
    return screen.grave_button(words("moderation.remove_it"), asks)


def _others(words: Words, report: OpenReport) -> screen.Part | None:
    """The way to the other open ones."""
    if report.pages <= 1:
        return None
    circle_id, page, last = report.circle.id, report.page, report.pages - 1
    return screen.row(
        screen.button(words("reports.page.before"), REPORT_PAGE(circle_id, page - 1)) if page > 0 else None,
        screen.button(words("reports.page.next"), REPORT_PAGE(circle_id, page + 1)) if page < last else None,
    )
