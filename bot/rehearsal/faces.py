"""Faces for the rehearsal's people: the first letter of a name on a quiet colour."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = 128  # pixels, both ways


def face(name: str, colour: str) -> bytes:
    """A PNG picture. ``colour`` is written as ``#rrggbb``."""
    picture = Image.new("RGB", (SIZE, SIZE), colour)
    letter = ImageFont.load_default(size=SIZE * 0.55)
    ImageDraw.Draw(picture).text((SIZE / 2, SIZE / 2), name[:1], fill="#ffffff", font=letter, anchor="mm")
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
