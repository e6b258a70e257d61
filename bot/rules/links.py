"""Links in what a person typed: how many, how many invite to another server, whether one is disguised.

Our own posts show every address literally (``bot.rules.text``), so nothing hidden here can act there; but a
circle may limit links, and a moderator wants to see the disguised ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

_UNSEEN = {"Cf", "Mn", "Cc"}
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\[\]()|]+(?:\([^\s<>()]*\))?", re.IGNORECASE)
_SPOILT = re.compile(r"h(?:tt|xx)ps?\s*(?::|\[:\])\s*/\s*/", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|\.)\s*[\])}]\s*", re.IGNORECASE)
_MASKED = re.compile(r"\[(?P<shown>[^\[\]\n]{1,300})\]\(\s*<?(?P<leads>[^\s()<>]+)>?[^()\n]*\)")
_HOST = r"(?:discord\.(?:gg|me|io)|discord(?:app)?\.com/invite|dsc\.gg|discord\.com/servers|invite\.gg)"
_INVITE = re.compile(rf"(?<![\w-])(?:https?://)?(?:www\.|ptb\.|canary\.)?{_HOST}/+[\w-]{{2,}}", re.IGNORECASE)
_NAMED_HOST = re.compile(
    r"(?:https?://)?(?:[^/@\s]*@)?(?:www\.)?(?P<host>[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
_WIDE = str.maketrans("，！？；（）", ",!?;()")
"""Punctuation of Chinese and Japanese that may follow an address at once; none of it builds one."""
_TAIL = ".,;:!?'\"”’…*_~"


@dataclass(frozen=True, slots=True, repr=False)
class Links:
    """What a text has of them. An invite counts as a link too; a masked one by where it leads."""

    links: int
    invites: int
    masked: int
    """Written as ``[text](address)``."""
    disguised: int
    """That show another address than they lead to, carry a name before an ``@``, or are typed so that a
    program shouldn't see them: ``hxxps``, ``discord[.]gg``, letters without width."""


def links_in(text: str) -> Links:
    """Count the links of a text, however they are written."""
    text = unicodedata.normalize("NFC", text)  # "Ü" may come as two characters, and hides nothing
    seen = "".join(char for char in text if unicodedata.category(char) not in _UNSEEN or char in "\n\t")
    seen = unicodedata.normalize("NFKC", seen)
    plain = _SPOILT.sub("https://", _DOT.sub(".", unquote(seen)))
    masked = [link for link in _MASKED.finditer(plain) if _is_address(link["leads"])]
    addresses = _addresses(_MASKED.sub(_only_where_it_leads, plain))
    hidden = sum(1 for link in masked if _shows_another(link["shown"], link["leads"]))
    return Links(
        links=len(addresses),
        invites=sum(1 for address in addresses if _INVITE.match(address)),
        masked=len(masked),
        disguised=hidden + sum(1 for a in addresses if _names_somebody(a)) + _only_now_seen(text, addresses),
    )


def _addresses(plain: str) -> list[str]:
    """Every address, an invite without ``https://`` included, none twice for one place in the text."""
    spans = [match.span() for match in _ADDRESS.finditer(plain)]
    for match in _INVITE.finditer(plain):
        if not any(start <= match.start() < end for start, end in spans):
            spans.append(match.span())
    return [plain[start:end].rstrip(_TAIL) for start, end in sorted(spans)]


def _only_where_it_leads(link: re.Match[str]) -> str:
    return f" {link['leads']} " if _is_address(link["leads"]) else link.group()


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.match(text) or _INVITE.match(text))


def _shows_another(shown: str, leads: str) -> bool:
    """Whether the text of a masked link is itself an address, of another place."""
    named, real = _NAMED_HOST.fullmatch(shown.strip().split("/")[0]), _NAMED_HOST.match(leads)
    if named is None:
        named = _NAMED_HOST.match(shown.strip()) if "://" in shown else None
    return named is not None and (real is None or named["host"].lower() != real["host"].lower())


def _names_somebody(address: str) -> bool:
    """``https://discord.com@evil.example`` leads to evil.example."""
    return "@" in address.split("://", 1)[-1].split("/", 1)[0]


def _only_now_seen(text: str, addresses: list[str]) -> int:
    """Addresses that can't be seen in the text as it was typed."""
    as_typed = unquote(text).translate(_WIDE)
    return sum(1 for address in addresses if address not in as_typed)
