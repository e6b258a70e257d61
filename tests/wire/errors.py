"""What Discord refuses, with the codes and sentences of its list of JSON error codes."""

from __future__ import annotations

SENTENCES = {
    0: "401: Unauthorized",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    30046: "Maximum number of edits to messages older than 1 hour reached. Try again later",
    40060: "Interaction has already been acknowledged.",
    40067: "A tag is required to create a forum post in this channel",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    50278: "Cannot send messages to this user due to having no mutual guilds",
    160004: "A thread has already been created for this message",
    160005: "Thread is locked",
}
NOT_FOUND = {10003, 10004, 10007, 10008, 10013, 10015, 10062}
FORBIDDEN = {50001, 50005, 50007, 50013, 50278, 160005}
UNAUTHORIZED = {0, 50027}


class Refused(Exception):
    """Discord's answer to a request that it doesn't do."""

    def __init__(self, code: int, about: str = "") -> None:
        super().__init__(f"{code} {SENTENCES[code]} {about}".rstrip())
        self.code = code
        self.about = about

    @property
    def status(self) -> int:
        """The HTTP status that belongs to the code."""
        if self.code in NOT_FOUND:
            return 404
        if self.code in FORBIDDEN:
            return 403
        return 401 if self.code in UNAUTHORIZED else 400

    @property
    def body(self) -> dict[str, object]:
        """The answer's body."""
        body: dict[str, object] = {"message": SENTENCES[self.code], "code": self.code}
        return body | ({"errors": {"_errors": [{"message": self.about}]}} if self.about else {})
