"""QR codes as images that a page can carry itself."""

import segno


def qr(text: str, *, scale: int = 4) -> str:
    """A QR code of `text` as the data URI of an SVG, for an `img`."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=scale, border=1)
