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
CIRCLE_WELCOME = CustomId("circles", "welcome", "circle")

# prompts
PROMPT_POST_NOW = CustomId("prompts", "post-now", "circle")
PROMPT_UNSKIP = CustomId("prompts", "unskip", "occurrence")

# guide
HOW = CustomId("guide", "how", "circle")
FACTS = CustomId("guide", "facts")

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
STORY_MINE = CustomId("stories", "mine", "story")
