"""What a circle can do: one class a feature, the only place that opens transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.content.library import Library
from bot.content.pen_names import pen_name_words
from bot.content.words import Words
from bot.rules.shares import EVERYTHING, Share
from bot.services.acts import OpenLog
from bot.services.additions import Additions
from bot.services.care_choices import CareChoices
from bot.services.checkup import Checkup
from bot.services.circle_words import CircleLists
from bot.services.circles import Circles
from bot.services.claiming import Claiming
from bot.services.drafts import Drafts
from bot.services.duty import Duty
from bot.services.edits import Edits
from bot.services.edits_due import EditsDue
from bot.services.erasures import Erasures
from bot.services.first_replies import FirstReplies
from bot.services.housekeeping import Housekeeping
from bot.services.identifying import Identifying
from bot.services.keyring import Keyring
from bot.services.leaving import Leaving
from bot.services.memos import Memos
from bot.services.moderation import Moderation
from bot.services.note_pages import NotePages
from bot.services.notes import Notes
from bot.services.nudges import Nudges
from bot.services.outbox import Outbox
from bot.services.own_stories import OwnStories
from bot.services.privacy import Privacy
from bot.services.prompt_posts import PromptPosts
from bot.services.prompts import Prompts
from bot.services.publishing import Publishing
from bot.services.reminders import Reminders
from bot.services.removing import Removing
from bot.services.report_desk import ReportDesk
from bot.services.reports import Reports
from bot.services.resonating import Resonating
from bot.services.retention import Retention
from bot.services.retracting import Retracting
from bot.services.reviewing import Reviewing
from bot.services.set_aside import SetAside
from bot.services.stories import Stories
from bot.services.telling import Telling
from bot.services.theme_drafts import ThemeDrafts
from bot.services.themes import Themes
from bot.services.thread_posts import ThreadPosts
from bot.services.wipes import Wipes
from db.database import Database
from db.erasure_file import beside


@dataclass(frozen=True, slots=True)
class Services:
    """All services of a running bot."""

    alone: bool
    """No other process works on this database."""
    share: Share
    """The servers that this process works for."""
    identifying: Identifying
    keyring: Keyring
    outbox: Outbox
    set_aside: SetAside
    memos: Memos
    circles: Circles
    caring: CareChoices
    circle_lists: CircleLists
    duty: Duty
    prompts: Prompts
    prompt_posts: PromptPosts
    drafts: Drafts
    themes: Themes
    theme_drafts: ThemeDrafts
    reminders: Reminders
    stories: Stories
    publishing: Publishing
    thread_posts: ThreadPosts
    retracting: Retracting
    own_stories: OwnStories
    additions: Additions
    edits: Edits
    edits_due: EditsDue
    claiming: Claiming
    resonating: Resonating
    moderation: Moderation
    notes: Notes
    note_pages: NotePages
    reports: Reports
    report_desk: ReportDesk
    first_replies: FirstReplies
    reviewing: Reviewing
    removing: Removing
    open_log: OpenLog
    wipes: Wipes
    nudges: Nudges
    privacy: Privacy
    retention: Retention
    leaving: Leaving
    housekeeping: Housekeeping
    checkup: Checkup


def make_services(
    database: Database,
    keyring: Keyring,
    library: Library,
    words: Words,
    *,
    now: Callable[[], datetime],
    random: Random,
    grace: timedelta,
    erasure_file: Path | None = None,
    share: Share = EVERYTHING,
    retention_days: int | None = None,
) -> Services:
    """Wire the services together around one database. ``now`` is aware UTC.

    ``erasure_file`` mirrors what was erased; unless given it lies beside an SQLite file.
    ``retention_days`` is the operator's rule; None: what is told stays until it is withdrawn.
    """
    if erasure_file is None and database.path is not None:
        erasure_file = beside(database.path)
    telling = Telling(database, keyring, now, random)
    drafts = Drafts(database, now)
    own_stories = OwnStories(telling)
    outbox, memos = Outbox(database, now, share), Memos(database)
    return Services(
        alone=database.is_sqlite,
        share=share,
        identifying=Identifying(database),
        keyring=keyring,
        outbox=outbox,
        set_aside=SetAside(database, now),
        memos=memos,
        circles=Circles(database, now),
        caring=CareChoices(database, now),
        circle_lists=CircleLists(database),
        duty=Duty(database),
        prompts=Prompts(database, library, now, grace),
        prompt_posts=PromptPosts(database, now, grace),
        drafts=drafts,
        themes=Themes(database, now),
        theme_drafts=ThemeDrafts(database, drafts, now),
        reminders=Reminders(database, now, grace, share),
        stories=Stories(telling, drafts),
        publishing=Publishing(telling),
        thread_posts=ThreadPosts(telling),
        retracting=Retracting(telling),
        own_stories=own_stories,
        additions=Additions(telling, drafts, own_stories, pen_name_words(words), random),
        edits=Edits(telling, drafts, own_stories),
        edits_due=EditsDue(telling),
        claiming=Claiming(telling, own_stories),
        resonating=Resonating(telling),
        moderation=Moderation(telling),
        notes=Notes(telling, drafts, own_stories),
        note_pages=NotePages(telling, own_stories),
        reports=Reports(telling),
        report_desk=ReportDesk(telling),
        first_replies=FirstReplies(database, now, share),
        reviewing=Reviewing(telling, first=share.first),
        removing=Removing(telling),
        open_log=OpenLog(database, now),
        wipes=Wipes(database, now),
        nudges=Nudges(database, now, random, share),
        privacy=Privacy(telling, random),
        retention=Retention(database, now, retention_days, share.first),
        leaving=Leaving(database, now, share),
        checkup=Checkup(database),
        housekeeping=Housekeeping(
            database, keyring, drafts, outbox, memos, Erasures(database, erasure_file, random), share
        ),
    )
