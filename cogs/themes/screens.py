"""What a facilitator sees of themes: the preview, the list, one theme, and the question before cancelling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from discord.ui import LayoutView

from bot import screen
from bot.content.dates import local_date, local_moment
from bot.content.words import Words
from bot.errors import Refusal
from bot.rules.text import escape, message_length, shorten
from bot.services.circles import CircleInfo
from bot.services.theme_drafts import Proposal
from bot.services.themes import Cancelled, PlannedWeek, ThemeDetail, ThemeInfo, ThemePage, WeekState
from cogs import custom_ids as ids
from cogs.themes.form import weeks_text

TITLE_ROOM, INTRODUCTION_ROOM, PROMPTS_ROOM, PROMPT_ROOM = 150, 650, 1600, 620
"""Characters on a page that can hold 4,000: what has no room is shortened here, and whole in the form."""


def preview(words: Words, proposal: Proposal) -> LayoutView:
    """What would be saved; or what was typed, and why it can't be saved like that."""
    receipt = proposal.receipt
    buttons = [
        screen.button(words("themes.preview.edit"), ids.THEME_EDIT(receipt)),
        screen.button(words("themes.preview.discard"), ids.THEME_DISCARD(receipt)),
    ]
    older = screen.text(words("themes.older")) if proposal.older else None
    plan = proposal.plan
    if plan is None:
        problem = problem_text(words, proposal.problem or Refusal("refusals.old_button"))
        head = words("themes.preview.problem", problem=problem)
        return screen.screen(older, screen.text(head), _typed(proposal), screen.row(*buttons))
    save = screen.main_button(words("themes.preview.save"), ids.THEME_SAVE(receipt, proposal.revision))
    span = _span(words, plan.mondays[0], proposal.weeks[-1].monday, len(plan.mondays))
    return screen.screen(
        screen.text(words("themes.preview.private")),
        older,
        screen.box(*_theme(words, plan.title, plan.introduction, span), *_weeks(words, proposal)),
        _notes(words, proposal.circle, len(plan.prompts), len(plan.mondays)),
        screen.row(save, *buttons),
    )


def problem_text(words: Words, problem: Refusal) -> str:
    """A refusal with its dates as people read them, and its typed parts literally."""
    shown = {
        name: local_date(words, value)
        if isinstance(value, date)
        else escape(value)
        if isinstance(value, str)
        else value
        for name, value in problem.values.items()
    }
    return words(problem.key, **shown)


def discard_question(words: Words, receipt: str) -> LayoutView:
    """Words are easily lost by a thumb: one question before."""
    return screen.screen(
        screen.text(words("themes.discard.question")),
        screen.row(
            screen.grave_button(words("themes.discard.yes"), ids.THEME_DISCARD_SURE(receipt)),
            screen.button(words("themes.discard.no"), ids.THEME_BACK(receipt)),
        ),
    )


def saved(words: Words, detail: ThemeDetail) -> LayoutView:
    """In place of the preview."""
    return screen.screen(
        screen.text(words("themes.saved")),
        _detail_box(words, detail),
        screen.row(screen.button(words("themes.list.back"), ids.THEME_LIST(detail.circle.id, 0))),
    )


def theme_list(words: Words, page: ThemePage) -> LayoutView:
    """The coming and running themes, a select to look at one, and the way to the others."""
    circle = page.circle
    title = screen.text(words("themes.list.title", channel=f"<#{circle.channel_id}>"))
    earlier = later = None
    if page.number:
        earlier = screen.button(words("themes.list.earlier"), ids.THEME_LIST(circle.id, page.number - 1))
    if page.more:
        later = screen.button(words("themes.list.later"), ids.THEME_LIST(circle.id, page.number + 1))
    turn = screen.row(earlier, later) if earlier or later else None
    if not page.themes:
        return screen.screen(title, screen.text(words("themes.list.none")), turn)
    return screen.screen(
        title,
        screen.text("\n".join(_list_line(words, theme) for theme in page.themes)),
        screen.choice(
            ids.THEME_LOOK(circle.id),
            [(str(theme.id), theme.title) for theme in page.themes],
            placeholder=words("themes.list.look"),
        ),
        turn,
    )


def one_theme(words: Words, detail: ThemeDetail) -> LayoutView:
    """A theme with its weeks and questions."""
    cancel = None
    if any(week.state is not WeekState.ASKED for week in detail.weeks):
        cancel = screen.grave_button(words("themes.cancel.button"), ids.THEME_CANCEL(detail.theme.id))
    back = screen.button(words("themes.list.back"), ids.THEME_LIST(detail.circle.id, 0))
    return screen.screen(
        _detail_box(words, detail),
        _notes(words, detail.circle, len(detail.prompts), len(detail.weeks)),
        screen.row(back, cancel),
    )


def cancel_question(words: Words, detail: ThemeDetail) -> LayoutView:
    """Which weeks become free, and what comes instead, before it happens."""
    open_weeks = [week for week in detail.weeks if week.state is not WeekState.ASKED]
    if not open_weeks:
        raise Refusal("themes.problem.all_asked")
    days = "; ".join(local_date(words, week.monday) for week in open_weeks)
    title = _fit(detail.theme.title, TITLE_ROOM)
    lines = [words("themes.cancel.question", title=title, weeks=days)]
    if len(open_weeks) < len(detail.weeks):
        lines.append(words("themes.cancel.asked_stay"))
    return screen.screen(
        screen.text("\n".join(lines)),
        screen.row(
            screen.grave_button(words("themes.cancel.yes"), ids.THEME_CANCEL_SURE(detail.theme.id)),
            screen.button(words("themes.cancel.no"), ids.THEME_KEEP()),
        ),
    )


def cancelled(words: Words, done: Cancelled) -> LayoutView:
    """It is done; what was written stands there once more."""
    theme = done.before.theme
    texts = [theme.introduction, "\n".join(done.before.prompts)]
    return screen.screen(
        screen.text(words("themes.cancel.done", title=_fit(theme.title, TITLE_ROOM))),
        screen.small(words("themes.cancel.words")),
        screen.box(screen.text(_fit("\n\n".join(text for text in texts if text), 3000))),
    )


def choice_label(words: Words, theme: ThemeInfo) -> str:
    """A theme among an option's choices, at most 100 characters."""
    first = local_date(words, theme.first_monday)
    room = 100 - len(words("themes.cancel.choice", title="", first=first))
    return words("themes.cancel.choice", title=shorten(theme.title, room), first=first)


def _theme(words: Words, title: str, introduction: str, span: str) -> list[screen.Part]:
    parts: list[screen.Part] = [screen.text(words("themes.heading.title", title=_fit(title, TITLE_ROOM)))]
    parts.append(screen.small(span))
    if introduction:
        parts.append(screen.text(_fit(introduction, INTRODUCTION_ROOM)))
    return parts


def _detail_box(words: Words, detail: ThemeDetail) -> screen.Part:
    theme = detail.theme
    count = (theme.last_monday - theme.first_monday).days // 7 + 1
    span = _span(words, theme.first_monday, theme.last_monday, count)
    return screen.box(*_theme(words, theme.title, theme.introduction, span), *_weeks(words, detail))


def _weeks(words: Words, shown: Proposal | ThemeDetail) -> list[screen.Part]:
    weeks = shown.weeks
    if not weeks:
        return []
    room = min(PROMPT_ROOM, PROMPTS_ROOM // len(weeks))
    return [screen.text("\n\n".join(_week_line(words, week, shown.circle.zone, room) for week in weeks))]


def _week_line(words: Words, week: PlannedWeek, zone: str, room: int) -> str:
    when = local_moment(words, week.occurrence.at, zone)
    if week.state is WeekState.COMING and week.occurrence.moved:
        when = words("themes.line.moved", when=when)
    elif week.state is WeekState.COMING and week.occurrence.clock_change:
        when = words("themes.line.clock_change", when=when)
    return words(
        f"themes.line.{week.state.value}",
        when=when,
        week=local_date(words, week.monday),
        prompt=_fit(week.prompt, room),
    )


def _notes(words: Words, circle: CircleInfo, prompts: int, weeks: int) -> screen.Part | None:
    lines: list[str] = []
    over = prompts - weeks
    if over < 0:
        lines.append(words("themes.note.repeats"))
    elif over and weeks == 1:
        lines.append(words("themes.note.left_over_one", count=over))
    elif over == 1:
        lines.append(words("themes.note.left_over_last"))
    elif over:
        lines.append(words("themes.note.left_over", count=over))
    if circle.paused:
        lines.append(words("themes.note.paused"))
    return screen.small("\n".join(lines)) if lines else None


def _typed(proposal: Proposal) -> screen.Part:
    typed = proposal.typed
    texts: Sequence[str] = (typed.title, typed.introduction, typed.prompts)
    return screen.box(screen.text(_fit("\n\n".join(text for text in texts if text.strip()), 3000) or "…"))


def _list_line(words: Words, theme: ThemeInfo) -> str:
    count = (theme.last_monday - theme.first_monday).days // 7 + 1
    span = _span(words, theme.first_monday, theme.last_monday, count)
    key = "themes.list.running" if theme.running else "themes.list.line"
    return words(key, title=_fit(theme.title, TITLE_ROOM), span=span)


def _span(words: Words, first: date, last_monday: date, count: int) -> str:
    last = date.fromordinal(last_monday.toordinal() + 6)
    return words(
        "themes.span",
        first=local_date(words, first),
        last=local_date(words, last),
        weeks=weeks_text(words, count),
    )


def _fit(text: str, room: int) -> str:
    """What was typed, literally, in at most ``room`` characters as Discord's server counts them."""
    shown = escape(text)
    weight = message_length(shown)
    return shown if weight <= room else shorten(shown, max(1, room * len(shown) // weight))
