"""Links, e-mail addresses and telephone numbers."""

import re

from bot.text.facts.fact import FactKey, ScannedText

# Bounded, so that no text takes longer than its length to read.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_URL = re.compile(r"(?:\b[a-z][a-z0-9+.-]{0,15}://|www\.)[^\s<>|\"'»”)\]}]+")
# Bare names of hosts; other endings are more often the end of a sentence without its space.
_ENDINGS = (
    "com|net|org|edu|gov|info|biz|vn|io|co|app|dev|ai|shop|store|site|online|xyz|top|click|link"
    "|help|support|example|test|invalid|ru|cn|uk|us|eu|de|fr|jp|kr|sg|th|my|id|ph|au|ca|in|br|ly"
    "|gg|tk|page|cloud|tech|live|pro"
)
_HOST = re.compile(
    rf"(?<![\w@.-])((?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_ENDINGS})(?:\.[a-z]{{2}})?)(/[^\s<>|\"'»”)\]}}]*)?(?![\w@-])"
)
_PHONE = re.compile(r"(?<![\w+.,#-])(?:\+\d|\(?0\d|1[89]00)(?:[\s().-]{0,2}\d){4,13}(?!\w)")
_SHORTEST_PHONE = 8


def find_addresses(page: ScannedText) -> None:
    """Take the e-mail addresses and the links of a page."""
    for match in _EMAIL.finditer(page.folded):
        address = match[0].strip(".-")
        page.take(
            "email",
            match.start(),
            match.start() + len(address),
            {("email", address)},
            {("email", address), ("host", address.split("@")[1])},
        )
    for match in _URL.finditer(page.folded):
        _take_link(page, match.start(), match[0])
    for match in _HOST.finditer(page.folded):
        _take_link(page, match.start(), match[0])


def host(link: str) -> str:
    """The host of a link as people write it, without `www.`."""
    return _bare(link).split("/")[0].split("?")[0].split("#")[0].split(":")[0]


def find_phones(page: ScannedText) -> None:
    """Take the telephone numbers: what begins as one and is long enough for one."""
    for match in _PHONE.finditer(page.folded):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) < _SHORTEST_PHONE:
            continue
        if match[0].startswith("+84"):
            digits = f"0{digits[2:]}"
        page.take(
            "phone",
            match.start(),
            match.end(),
            {("phone", digits)},
            {("phone", digits), ("any", int(digits))},
        )


def _take_link(page: ScannedText, start: int, written: str) -> None:
    written = written.rstrip(".,;:!?*_~")
    bare = _bare(written)
    needs: set[FactKey] = (
        {("link", bare)} if "/" in bare or "?" in bare else {("host", bare), ("link", bare)}
    )
    page.take("link", start, start + len(written), needs, {("link", bare), ("host", host(written))})


def _bare(link: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link).rstrip("/")
