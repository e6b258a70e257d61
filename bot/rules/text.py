"""Text on its way to Discord: cleaned, made literal, and cut into pages.

What a person typed is shown as they typed it: nothing in it acts as formatting, a mention, a heading, a
list, a quote, a spoiler, a masked link or a timestamp. The rules of Discord's markdown are undocumented in
detail; ours are stricter than what its clients do (``discord/SimpleAST`` and parsers modelled on it) and
don't depend on where a line starts, so that text stays literal wherever a page is cut.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,7}\U000e007f"
# Controls, marks of direction, characters without width, and tags (which can carry hidden text). The
# joiners U+200C and U+200D are judged by their neighbours; a subdivision's flag (Wales) is made of tags.
_INVISIBLE = re.compile(
    f"({_FLAG})|[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINER = re.compile("[\u200c\u200d]")
_FIRST_JOINING_SCRIPT = "\u0590"
"""Hebrew. Latin, Greek and Cyrillic, which come before, never need a joiner."""

_LINK_MAX = 1_000
"""A longer address is treated as text: a page must be able to hold a link whole."""

# An address up to where a sentence goes on. Left out of it: what could close formatting around it.
_LINK = r"(?P<link>https?://\w[\w\-.~:/?#@!$&'()+,;=%]*[\w\-~/#&+=%)])"
# Formatting anywhere; a list's mark where a line could be made to start or end; the same for "1."
_MARK = r"(?P<mark>[\\*_~|`<>\[\]@#]|(?<!\S)[-+]|[-+](?=\s|$)|(?<=[0-9])\.(?=\s|$))"
_ACTIVE = re.compile(f"{_LINK}|{_MARK}", re.IGNORECASE)

_BRACKETED = re.compile(r"<[^\s<>]*>")
_BYTES_PER_CHARACTER = 2.5
_PARAGRAPH = re.compile(r"\n\n")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"[.!?…][\"'”’»)]*(?=\s)|[。！？]")
_WORD = re.compile(r"(?=\s)")
# A border counts only in the last part of the room there is, so that a page isn't left half empty.
_BORDERS = ((_PARAGRAPH, 0.5), (_LINE, 0.6), (_SENTENCE, 0.6), (_WORD, 0.25))
_BLOCK_BORDER_FROM = 0.5
_BETWEEN = "\n\n"
_ELLIPSIS = "…"


def clean(text: str) -> str:
    """What a person typed, without what can't be seen.

    Invisible and direction-changing characters go (they can hide words or mark a copy), every line ending
    becomes a newline, spaces at line ends go, more than two blank lines become two.
    """
    text = _LONE_SURROGATE.sub("\ufffd", _BREAKS.sub("\n", text))
    text = _INVISIBLE.sub(lambda found: found.group(1) or "", text)
    text = _JOINER.sub(_needed_joiner, text).replace("\t", " ")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{4,}", "\n\n\n", text).strip()


def escape(text: str) -> str:
    """What a person typed, cleaned, and as Discord must be given it so that it is shown literally.

    A plain http(s) address stays a link, in angle brackets: these say where it ends, show nothing and
    open no preview. Mentions are broken for the server as well as for the eye (``\\@everyone`` doesn't ping
    since March 2026); senders forbid them all the same.
    """
    return _ACTIVE.sub(_literally, clean(text))


def behind_spoiler(page: str) -> str:
    """One page of escaped text that must be pressed to be read. Wrap after cutting, or pages leak."""
    page = without_blank_lines(page)
    gap = " " if page.endswith("|") else ""
    return f"||{page}{gap}||"


def without_blank_lines(text: str) -> str:
    """The same text to the eye, with a zero-width space on each blank line.

    Discord lets a spoiler reach over blank lines, but whoever reads Markdown strictly ends it there and
    shows the text openly. Do this to each block before cutting, because the spaces count as characters.
    """
    return re.sub(r"\n(?=\n)", "\n\u200b", text)


def discord_length(text: str) -> int:
    """The characters of a text as Discord counts them for its limits: code points, as Python does.

    Source: discord-api-docs issue 1315, answered by Discord's staff. Combining marks count one each.
    """
    return len(text)


def message_length(text: str) -> int:
    """How much of a message's characters a text uses up: code points, or what its bytes come to.

    A message of Components V2 with more than about 10,170 bytes of UTF-8 is answered with a 500, also
    within its 4,000 characters (discord-api-docs issue 8554, August 2026: measured by its reporter, not
    confirmed by Discord); 3,400 Korean characters are enough. So 2.5 bytes count as a character at least.
    """
    return max(discord_length(text), _weight(_bytes(text)))


def shorten(text: str, limit: int) -> str:
    """The beginning of a text, escaped or not, within ``limit`` characters; cut at a word, with an ellipsis.

    Raises ValueError when there isn't even room for the ellipsis.
    """
    if discord_length(text) <= limit:
        return text
    if limit < len(_ELLIPSIS):
        raise ValueError("there is no room for an ellipsis")
    end = limit - len(_ELLIPSIS)
    if end == 0:
        return _ELLIPSIS
    cut = _last_border(text, 0, end, _WORD, 0.5) or _whole(text, 0, end)
    return text[:cut].rstrip() + _ELLIPSIS


def pages(blocks: Sequence[str], first: int, rest: int) -> tuple[str, ...]:
    """Already escaped blocks as pages: the first within ``first``, the others within ``rest``.

    Limits are in characters as ``message_length`` counts them. Blocks are parted by a blank line. A page
    ends, in order of preference, between blocks, paragraphs, lines, sentences, words; within a word only
    where nothing else is left, and then never between a backslash and what it escapes, nor (if it fits a
    page) inside a link or an emoji made of several characters. Only white space at a cut is lost.
    Formatting must not span a cut: wrap pages, not blocks. Raises ValueError for a limit below 2, in which
    an escaped character has no room.
    """
    if min(first, rest) < 2:
        raise ValueError("a page needs room for two characters at least")
    parts = [part for part in (block.strip() for block in blocks) if part]
    text = _BETWEEN.join(parts)
    ends = list(accumulate(parts, lambda end, part: end + len(_BETWEEN) + len(part), initial=-len(_BETWEEN)))
    found: list[str] = []
    start = 0
    while start < len(text):
        end = _fitting(text, start, rest if found else first)
        cut = end if end == len(text) else _cut(text, start, end, ends)
        found.append(text[start:cut].rstrip())
        start = len(text) - len(text[cut:].lstrip())
    return tuple(found)


def _needed_joiner(found: re.Match[str]) -> str:
    """A joiner stays between two characters that it can join: parts of an emoji, letters of some scripts."""
    start, end = found.span()
    before, after = found.string[max(start - 1, 0) : start], found.string[end : end + 1]
    return found.group() if _joinable(before) and _joinable(after) else ""


def _joinable(char: str) -> bool:
    return char >= _FIRST_JOINING_SCRIPT and unicodedata.category(char)[0] not in "ZCP"


def _literally(found: re.Match[str]) -> str:
    link = found["link"]
    if link is None:
        return "\\" + found["mark"]
    if len(link) > _LINK_MAX:
        return re.sub(_MARK, r"\\\g<mark>", link)
    link, after = _parted(link)
    return f"<{re.sub('@(?=everyone|here)', '%40', link)}>{after}"


def _parted(found: str) -> tuple[str, str]:
    """An address, and what of it belongs to the sentence: ``(see …/a.)`` but ``…/Rupture_(therapy)``."""
    link = found
    while link.endswith(")") and link.count(")") > link.count("("):
        link = link[:-1].rstrip(".,:;!?'")
    return link, found[len(link) :]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _weight(size: int) -> int:
    """The characters for which this many bytes count, rounded up."""
    return -int(-size // _BYTES_PER_CHARACTER)


def _fitting(text: str, start: int, limit: int) -> int:
    """The end of the longest piece from ``start`` on that is within ``limit``."""
    piece = text[start : start + limit]
    if message_length(piece) <= limit:
        return start + len(piece)
    sizes = list(accumulate(_bytes(char) for char in piece))
    return start + bisect_right(sizes, limit * _BYTES_PER_CHARACTER)


def _cut(text: str, start: int, end: int, block_ends: list[int]) -> int:
    """Where a page from ``start`` ends, at ``end`` at the latest."""
    last = block_ends[bisect_right(block_ends, end) - 1]
    if last >= start + (end - start) * _BLOCK_BORDER_FROM:
        return last
    for border, from_share in _BORDERS:
        found = _last_border(text, start, end, border, from_share)
        if found:
            return found
    return _whole(text, start, end)


def _last_border(text: str, start: int, end: int, border: re.Pattern[str], from_share: float) -> int:
    """The last border of a kind in the later part of a piece that cuts nothing apart; 0 if there is none."""
    least = start + max(1, int((end - start) * from_share))
    # Two characters more, because a page may end right before the newlines that are the border.
    for match in reversed(list(border.finditer(text, least, end + 2))):
        at = match.end() if border is _SENTENCE else match.start()
        if at <= end and not _inside(text, start, at):
            return at
    return 0


def _whole(text: str, start: int, end: int) -> int:
    """``end``, or as far before it as needed to cut nothing apart that fits a page."""
    cut = end
    while cut > start and _inside(text, start, cut):
        cut -= 1
    if cut > start:
        return cut
    return max(end - _backslashes(text, start, end) % 2, start + 1)


def _inside(text: str, start: int, at: int) -> bool:
    """Whether a cut at ``at`` would part what belongs together."""
    if at >= len(text):
        return False
    if _backslashes(text, start, at) % 2 == 1:
        return True
    return _inside_emoji(text, start, at) or _inside_link(text, start, at)


def _backslashes(text: str, start: int, at: int) -> int:
    """How many backslashes stand right before ``at``: an odd number escapes what follows."""
    first = at
    while first > start and text[first - 1] == "\\":
        first -= 1
    return at - first


def _inside_link(text: str, start: int, at: int) -> bool:
    """Whether a cut would part something in angle brackets: an address, or a mention of our own making."""
    opened = text.rfind("<", start, at)
    if opened < 0 or _backslashes(text, start, opened) % 2 == 1:
        return False
    whole = _BRACKETED.match(text, opened)
    return whole is not None and whole.end() > at


def _inside_emoji(text: str, start: int, at: int) -> bool:
    """Whether the characters around a cut make one sign: joined, coloured, marked, or halves of a flag."""
    before, after = text[at - 1], text[at]
    if before == "\u200d" or after in "\u200c\u200d" or unicodedata.category(after)[0] == "M":
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if not _half_flag(before) or not _half_flag(after):
        return False
    run = at
    while run > start and _half_flag(text[run - 1]):
        run -= 1
    return (at - run) % 2 == 1


def _half_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
