"""Every custom_id pattern on one page.

They live in posted messages for years: never change one, add a new version beside it. A golden list in
the tests makes removing one deliberate. None ever holds who somebody is; receipts stand only in
private messages.
"""

from __future__ import annotations

from bot.interactions import CustomId

# circles: the page of /circle setup carries what was chosen so far
CIRCLE_CHOOSE = CustomId("circles", "choose", "what", "zone", "numbers", "facilitators", "moderators")
CIRCLE_SAVE = CustomId("circles", "save", "zone", "numbers", "facilitators", "moderators")
# the same with size and wait by their place in the choice: a wait may be for others
CIRCLE_CHOOSE_2 = CustomId(
    "circles", "choose", "what", "zone", "choices", "facilitators", "moderators", version=2
)
CIRCLE_SAVE_3 = CustomId("circles", "save", "zone", "choices", "facilitators", "moderators", version=3)
# the same where the page stands elsewhere than in the circle's channel, which must fit in as well
CIRCLE_CHOOSE_THERE = CustomId(
    "circles", "pick", "what", "zone", "choices", "facilitators", "moderators", "channel"
)
CIRCLE_SAVE_THERE = CustomId(
    "circles", "save", "zone", "choices", "facilitators", "moderators", "channel", version=2
)
CIRCLE_WELCOME = CustomId("circles", "welcome", "circle")
CIRCLE_KEEP = CustomId("circles", "keep", "circle", "days")
# /circle care: each choice holds at once
CARE_CHOOSE = CustomId("circles", "care", "circle", "setting")
CARE_SET = CustomId("circles", "care-set", "circle", "setting", "value")
CARE_LINES = CustomId("circles", "care-lines", "circle")
CARE_LINES_WRITTEN = CustomId("circles", "care-lines-written", "circle")

CIRCLE_WORDS_PAGE = CustomId("circles", "words", "circle", "page")
CIRCLE_WORDS_ADD = CustomId("circles", "words-add", "circle", "list")
CIRCLE_WORDS_TYPED = CustomId("circles", "words-typed", "circle", "list")
CIRCLE_WORDS_OFF = CustomId("circles", "words-off", "circle", "page")

# checks: what is noticed in words before they are posted; form is the name of what they were typed into
CHECK_GENERAL = CustomId("checks", "general", "form", "receipt", "revision")
CHECK_PICK = CustomId("checks", "pick", "form", "receipt", "revision", "page")
CHECK_KEEP = CustomId("checks", "keep", "form", "receipt", "revision", "page", "picked")
CHECK_CHANGE = CustomId("checks", "change", "form", "receipt", "revision", "page", "picked")
CHECK_BACK = CustomId("checks", "back", "form", "receipt")
CHECK_LATER = CustomId("checks", "later", "form", "receipt")
CIRCLE_LOG = CustomId("circles", "log", "circle", "page")
CIRCLE_WIPE_TYPED = CustomId("circles", "wipe-typed", "circle")
CIRCLE_WIPE_AGREE = CustomId("circles", "wipe-agree", "wipe")
CIRCLE_WIPE_AGREED = CustomId("circles", "wipe-agreed", "wipe")
CIRCLE_WIPE_STOP = CustomId("circles", "wipe-stop", "wipe")

# prompts
PROMPT_POST_NOW = CustomId("prompts", "post-now", "circle")
PROMPT_UNSKIP = CustomId("prompts", "unskip", "occurrence")

# guide
HOW = CustomId("guide", "how", "circle")
FACTS = CustomId("guide", "facts")

# privacy: only ever about whoever presses
PRIVACY_SHOW = CustomId("privacy", "show", "page")
PRIVACY_ERASE_ASKED = CustomId("privacy", "erase-asked")
PRIVACY_ERASE = CustomId("privacy", "erase", "what_goes")

# stories
SHARE = CustomId("stories", "share", "circle", "voice")
STORY_TOLD = CustomId("stories", "told", "circle", "voice")
DRAFT_EDIT = CustomId("stories", "edit", "receipt", "revision")
DRAFT_EDITED = CustomId("stories", "edited", "receipt", "revision")
DRAFT_POST = CustomId("stories", "post", "receipt", "revision")
DRAFT_VOICE = CustomId("stories", "voice", "receipt", "revision")
DRAFT_QUOTE = CustomId("stories", "quote", "receipt", "revision")
DRAFT_THEME = CustomId("stories", "theme", "receipt", "revision")
DRAFT_NOTE = CustomId("stories", "note", "receipt", "revision")
DRAFT_DISCARD = CustomId("stories", "discard", "receipt")
DRAFT_DISCARD_SURE = CustomId("stories", "discard-sure", "receipt")
DRAFT_BACK = CustomId("stories", "back", "receipt")
STORY_MINE = CustomId("stories", "mine", "story")
RECEIPT_GIVEN = CustomId("stories", "receipt", "story")
RECEIPT_ANY = CustomId("stories", "receipt-any")
STORY_PANEL = CustomId("stories", "panel", "story", "receipt")
STORY_WITHDRAW = CustomId("stories", "withdraw", "story", "receipt")
STORY_WITHDRAW_SURE = CustomId("stories", "withdraw-sure", "story", "receipt")
CODE_TO_DM = CustomId("stories", "code", "receipt")
CODE_TO_DM_SURE = CustomId("stories", "code-sure", "receipt")
CODE_DELETE = CustomId("stories", "code-delete")
CODE_USE = CustomId("stories", "code-use", "receipt")
CODE_ENTER = CustomId("stories", "code-enter")
STORY_CLOSE = CustomId("stories", "close", "story", "receipt")
STORY_REOPEN = CustomId("stories", "reopen", "story", "receipt")
STORY_ADDED = CustomId("stories", "added", "story", "receipt", "page")
MINE_PAGE = CustomId("stories", "mine-page", "page")
# what was added to a story: its kind is "reply" or "update"
ADDED_MINE = CustomId("stories", "added-mine", "kind", "addition")
ADDED_CODE = CustomId("stories", "added-code", "kind", "addition")
ADDED_PANEL = CustomId("stories", "added-panel", "kind", "addition", "receipt")
ADDED_WITHDRAW = CustomId("stories", "added-withdraw", "kind", "addition", "receipt")
ADDED_WITHDRAW_SURE = CustomId("stories", "added-withdraw-sure", "kind", "addition", "receipt")
KEEP = CustomId("stories", "keep")
OWN_WORDS = CustomId("stories", "words", "kind", "subject", "receipt")
STORY_CHANGE = CustomId("stories", "change", "story", "receipt")
STORY_CHANGED = CustomId("stories", "changed", "story", "receipt")
CHANGE_AGAIN = CustomId("stories", "change-again", "receipt", "revision")
CHANGE_AGAIN_WRITTEN = CustomId("stories", "change-again-written", "receipt", "revision")
CHANGE_NOTE = CustomId("stories", "change-note", "receipt", "revision")
CHANGE_QUOTE = CustomId("stories", "change-quote", "receipt", "revision")
CHANGE_SAVE = CustomId("stories", "change-save", "receipt", "revision")
CHANGE_DISCARD = CustomId("stories", "change-discard", "receipt")
CHANGE_DISCARD_SURE = CustomId("stories", "change-discard-sure", "receipt")
CHANGE_BACK = CustomId("stories", "change-back", "receipt")
STORY_CLAIM = CustomId("stories", "claim", "story", "receipt")
STORY_CLAIM_SURE = CustomId("stories", "claim-sure", "story", "receipt")

# additions: updates by the teller, unnamed replies by others
STORY_UPDATE = CustomId("additions", "update", "story", "receipt")
UPDATE_WRITTEN = CustomId("additions", "update-written", "story", "receipt")
REPLY = CustomId("additions", "reply", "story")
REPLY_WRITTEN = CustomId("additions", "reply-written", "story")
ADDITION_EDIT = CustomId("additions", "edit", "receipt", "revision")
ADDITION_EDITED = CustomId("additions", "edited", "receipt", "revision")
ADDITION_POST = CustomId("additions", "post", "receipt", "revision")
ADDITION_DISCARD = CustomId("additions", "discard", "receipt")
ADDITION_DISCARD_SURE = CustomId("additions", "discard-sure", "receipt")
ADDITION_BACK = CustomId("additions", "back", "receipt")
REPLY_WITHDRAW = CustomId("additions", "withdraw", "receipt")
REPLY_WITHDRAW_SURE = CustomId("additions", "withdraw-sure", "receipt")
ANSWER = CustomId("additions", "answer", "story", "receipt")
ANSWER_WRITTEN = CustomId("additions", "answer-written", "story", "receipt")
ADDITION_CHANGE = CustomId("additions", "change", "kind", "addition", "receipt")
ADDITION_CHANGED = CustomId("additions", "changed", "kind", "addition", "receipt")
ADDITION_CHANGE_AGAIN = CustomId("additions", "change-again", "receipt", "revision")
ADDITION_CHANGE_AGAIN_WRITTEN = CustomId("additions", "change-again-written", "receipt", "revision")
ADDITION_CHANGE_SAVE = CustomId("additions", "change-save", "receipt", "revision")
ADDITION_CHANGE_DISCARD = CustomId("additions", "change-discard", "receipt")
ADDITION_CHANGE_DISCARD_SURE = CustomId("additions", "change-discard-sure", "receipt")
ADDITION_CHANGE_BACK = CustomId("additions", "change-back", "receipt")

# private notes to tellers, and back: the sender of a new one is "peer" or "moderators"
NOTE_WRITE = CustomId("notes", "write", "story")
NOTE_WRITTEN = CustomId("notes", "written", "sender", "story")
NOTE_ANSWER = CustomId("notes", "answer", "note", "receipt")
NOTE_ANSWER_WRITTEN = CustomId("notes", "answer-written", "note", "receipt")
NOTE_EDIT = CustomId("notes", "edit", "receipt", "revision")
NOTE_EDITED = CustomId("notes", "edited", "receipt", "revision")
NOTE_SEND = CustomId("notes", "send", "receipt", "revision")
NOTE_DISCARD = CustomId("notes", "discard", "receipt")
NOTE_DISCARD_SURE = CustomId("notes", "discard-sure", "receipt")
NOTE_BACK = CustomId("notes", "back", "receipt")
NOTE_PANEL = CustomId("notes", "panel", "note", "receipt")
NOTE_WITHDRAW = CustomId("notes", "withdraw", "note", "receipt")
NOTE_WITHDRAW_SURE = CustomId("notes", "withdraw-sure", "note", "receipt")
NOTES_READ = CustomId("notes", "read", "story", "receipt", "page")
NOTES_CLOSE = CustomId("notes", "close", "story", "receipt")
NOTES_REOPEN = CustomId("notes", "reopen", "story", "receipt")

# resonance
RESONATE = CustomId("resonance", "press", "story", "sign")

# moderation: each acts on one story, update or reply (its kind and id), for a reason; the mute carries until
# when, in seconds since 1970
MODERATE_REMOVE = CustomId("moderation", "remove", "story")
MODERATE_REMOVE_2 = CustomId("moderation", "remove", "kind", "subject", "why", version=2)
MODERATE_REMOVE_WHY = CustomId("moderation", "remove-why", "kind", "subject")
MODERATE_BACK = CustomId("moderation", "bring-back", "kind", "subject")
MODERATE_LOCK = CustomId("moderation", "lock", "story", "why")
MODERATE_LOCK_WHY = CustomId("moderation", "lock-why", "story")
MODERATE_NOTE = CustomId("moderation", "note", "story", "why")
MODERATE_NOTE_WHY = CustomId("moderation", "note-why", "story")
MODERATE_MUTE = CustomId("moderation", "mute", "story", "until")
MODERATE_MUTE_2 = CustomId("moderation", "mute", "story", "until", "why", version=2)
MODERATE_MUTE_WHY = CustomId("moderation", "mute-why", "story", "until")
MODERATE_KEEP = CustomId("moderation", "keep")
MODERATE_NOTES = CustomId("moderation", "notes", "circle", "page")
MODERATE_NOTE_WITHDRAW = CustomId("moderation", "note-withdraw", "note")
MODERATE_NOTE_WITHDRAW_SURE = CustomId("moderation", "note-withdraw-sure", "note")
# asked from a page of another feature: what would go is shown first, as by the command
MODERATE_REMOVE_ASK = CustomId("moderation", "remove-ask", "kind", "subject")

# reports: the form belongs to a message of the channel in which it is sent off
REPORT_WRITTEN = CustomId("reports", "written", "message")
REPORT_PAGE = CustomId("reports", "page", "circle", "page")
REPORT_CLOSE = CustomId("reports", "close", "report", "how")

# what waits for moderators: the token stands only in the private message of whoever took it
REVIEW_QUEUE = CustomId("review", "queue", "circle")
REVIEW_PAGE = CustomId("review", "page", "circle", "page")
REVIEW_LOOK = CustomId("review", "look", "kind", "subject")
REVIEW_TAKE = CustomId("review", "take", "kind", "subject")
REVIEW_GIVE_BACK = CustomId("review", "give-back", "kind", "subject", "token")
REVIEW_PUBLISH = CustomId("review", "publish", "kind", "subject", "token")
REVIEW_RETURN = CustomId("review", "return", "kind", "subject", "token")
REVIEW_RETURN_SAID = CustomId("review", "return-said", "kind", "subject", "token")
REVIEW_DECLINE = CustomId("review", "decline", "kind", "subject", "token")
REVIEW_DECLINE_SAID = CustomId("review", "decline-said", "kind", "subject", "token")

# themes: a draft's receipt stands only in the facilitator's own private message
THEME_TYPED = CustomId("themes", "typed", "circle", "start", "weeks")
THEME_EDIT = CustomId("themes", "edit", "receipt")
THEME_EDITED = CustomId("themes", "edited", "receipt")
THEME_SAVE = CustomId("themes", "save", "receipt", "revision")
THEME_DISCARD = CustomId("themes", "discard", "receipt")
THEME_DISCARD_SURE = CustomId("themes", "discard-sure", "receipt")
THEME_BACK = CustomId("themes", "back", "receipt")
THEME_LIST = CustomId("themes", "list", "circle", "page")
THEME_LOOK = CustomId("themes", "look", "circle")
THEME_CANCEL = CustomId("themes", "cancel", "theme")
THEME_CANCEL_SURE = CustomId("themes", "cancel-sure", "theme")
THEME_KEEP = CustomId("themes", "keep")

# reminders: in the list, below an answer, and in the private message; only the owner's press counts
REMINDER_STOP = CustomId("reminders", "stop", "reminder")
REMINDER_STOP_ALL = CustomId("reminders", "stop-all")
REMINDER_STOP_LISTED = CustomId("reminders", "stop", "reminder", "page", version=2)
REMINDER_PAGE = CustomId("reminders", "page", "page")
NUDGE_ASK = CustomId("reminders", "nudge")
NUDGE_STOP = CustomId("reminders", "nudge-stop")

# what was set aside, on the facilitators' private page
ASIDE_SHOW = CustomId("set_aside", "show", "circle")
ASIDE_LOOK = CustomId("set_aside", "look", "delivery")
ASIDE_SEND = CustomId("set_aside", "send", "delivery")
