"""Links, e-mail addresses and telephone numbers."""

import re

from bot.text.facts.fact import FactKey, ScannedText
from bot.text.facts.numerals import digit_of

# Bounded, so that no text takes longer than its length to read.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Also «e-mail us at help at example dot com» and «help (at) example.com».
_EMAIL_SPELLED = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})(?:"
    r"(?: ?[\[({] ?(?:at|@|a cong) ?[\])}] ?| a cong )"
    r"([\w-]{1,63}(?:(?:\.| ?[\[({] ?(?:dot|\.|cham) ?[\])}] ?| dot | cham )[\w-]{1,63}){1,4})"
    r"| at ([\w-]{1,63}(?:(?: ?[\[({] ?(?:dot|\.|cham) ?[\])}] ?| dot "
    r"| cham )[\w-]{1,63}){1,4}))(?!\w)"
)
_URL = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,15}://|\bwww\.|\bh(?:xx|tt)ps?(?:://|:|\[:\]//)|\b(?:tel|javascript"
    r"|data|sms|skype|zalo"
    r"|tg):(?=[^\s]))[^\s<>|\"'»”)\]}]+"
)
# Generic endings, and every country's two letters that are no word after a dot.
_ENDINGS = (
    "com|net|org|edu|gov|mil|info|biz|name|pro|mobi|asia|app|dev|ai|shop|store|site|online|xyz|top"
    "|click|link|help|support|example|test|invalid|localhost|page|cloud|tech|live|club|vip|win|bet"
    "|loan|fun|space|website|world|today|life|email|digital|agency|group|global|news|media|blog|art"
    "|design|studio|services|solutions|center|company|market|sale|deals|promo|gift|cards|cash|money"
    "|finance|bank|pay|buy|social|chat|team|zone|cc|ws|icu|cyou|sbs|buzz|rest|cfd|quest|monster|io"
    "|ac|ad|ae|af|ag|al|ar|au|az|ba|bd|bg|bh|bo|br|bz|ca|ch|cl|cm|cn|co|cr|cu|cy|cz|de|dk|dz|ec|ee"
    "|eg|es|et|eu|fi|fj|fm|fr|ga|ge|gg|gh|gl|gr|gt|gy|hk|hn|hr|ht|hu|id|ie|il|iq|ir|is|it|je|jm|jo"
    "|jp|ke|kg|kh|kr|kw|ky|kz|la|lb|li|lk|lt|lu|lv|ly|ma|mc|md|me|mg|mk|ml|mm|mn|mo|mt|mu|mv|mw|mx"
    "|my|mz|na|ne|ng|ni|nl|no|np|nu|nz|om|pa|pe|pf|pg|ph|pk|pl|pm|pr|ps|pt|pw|py|qa|re|ro|rs|ru|rw"
    "|sa|sb|sc|sd|se|sg|sh|si|sk|sl|sm|sn|so|sr|st|su|sv|sy|tc|td|tg|th|tj|tk|tl|tm|tn|to|tr|tt|tv"
    "|tw|tz|ua|ug|uk|us|uy|uz|va|vc|ve|vg|vi|vn|vu|wf|yt|za|zm|zw|in|be|at|as|by|do|gs|hm"
)
_HOST = re.compile(
    rf"(?<![\w@.-])((?:[\w-]{{1,63}}\.){{1,8}}(?:{_ENDINGS})(?:\.[a-z]{{2}})?)(?::\d{{2,5}})?"
    r"((?:/|\?|#)[^\s<>|\"'»”)\]}]*)?(?![\w@-])"
)
# With a path any name with a dot is one, whatever its ending.
_PATH = re.compile(
    r"(?<![\w@.-])((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})/[^\s<>|\"'»”)\]}]*(?![\w@])"
)
# Words whose joint is a missing space after a sentence: «days.It».
_JOINED = frozenset(
    [
        "it",
        "is",
        "in",
        "so",
        "me",
        "be",
        "at",
        "no",
        "my",
        "us",
        "to",
        "as",
        "do",
        "by",
        "am",
        "la",
        "an",
    ]
)
_SPELLED_DOT = r"(?: ?[\[({] ?(?:\.|dot|cham) ?[\])}] ?| dot | cham )"
_HOST_SPELLED = re.compile(
    rf"(?<![\w@.-])[a-z0-9-]{{1,63}}(?:{_SPELLED_DOT}|\.)(?:[a-z0-9-]{{1,63}}(?:{_SPELLED_DOT}"
    rf"|\.)){{0,4}}"
    rf"(?:{_ENDINGS})\b(?:(?: ?/ ?| slash | gach cheo )[\w/-]+)*"
)
_SPELLED = re.compile(_SPELLED_DOT)
_NUMERIC_HOST = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:/[^\s]*)?(?![\w.])")
# Places to write to that are no address: an article has to name them.
_CHANNEL = re.compile(
    r"\b(telegram|whatsapp|zalo|viber|wechat|messenger|skype|instagram|facebook|fanpage|tiktok"
    r"|twitter"
    r"|discord|snapchat|linkedin|youtube)\b"
)
_PHONE = re.compile(
    r"(?<![\w+.,#-])(?:\+\d|\(?0\d|1[89]00)(?:(?!\s\(24/)[\s().-]{0,2}\d){4,13}(?!\w)"
)
_SHORTEST_PHONE = 8
# What is to be called is a number, however it begins.
_DIALLED = re.compile(
    r"\b(?:call|phone|dial|ring|text|sms|whatsapp|hotline|tel|telephone|fax|zalo|viber|goi"
    r"|dien thoai"
    r"|so may|nhan tin|tong dai|lien he)\b[^\d.!?;]{0,24}((?:\+|\("
    r"|00)?\d(?:[\s().-]{0,2}\d){2,14})(?!\w)"
    r"(?![.,]?\d)"
    r"(?! ?(?:d|k|vnd|dong|gb|mb|hours?|days?|minutes?|times|gio|ngay|phut|lan|am|pm|%|h\d|:\d|/))"
)
_READ_OUT = re.compile(r"\b[a-z]+(?:(?:, ?| |-)[a-z]+){4,}")
_WORD = re.compile(r"[a-z]+")
_REPEATED = {"double": 2, "triple": 3}
LEAST_READ_OUT = 5


def find_addresses(page: ScannedText) -> None:
    """Take the e-mail addresses and the links of a page."""
    for match in _URL.finditer(page.folded):
        _take_link(page, match.start(), match[0])
    for match in _EMAIL.finditer(page.folded):
        address = match[0].strip(".-")
        page.take(
            "email",
            match.start(),
            match.start() + len(address),
            {("email", address)},
            {("email", address), ("host", address.split("@")[1])},
        )
    for match in _EMAIL_SPELLED.finditer(page.folded):
        domain = re.sub(r"\s+", "", re.sub(_SPELLED_DOT, ".", match[2] or match[3]))
        if re.search(rf"\.(?:{_ENDINGS})\Z", domain):
            address = f"{match[1]}@{domain}"
            page.take("email", match.start(), match.end(), {("email", address)})
    _find_hosts(page)


def _find_hosts(page: ScannedText) -> None:
    """Take names of hosts without a scheme, plain and spelled out."""
    for match in _HOST.finditer(page.folded):
        if not _sentences_join(page.text[match.start() : match.end()], match[1]):
            _take_link(page, match.start(), match[0])
    for pattern in (_PATH, _NUMERIC_HOST):
        for match in pattern.finditer(page.folded):
            if not _FILE.search(match[0]):
                _take_link(page, match.start(), match[0])
    for match in _HOST_SPELLED.finditer(page.folded):
        if _SPELLED.search(match[0]):
            link = re.sub(r" ?(?:slash|gach cheo|/) ?", "/", _SPELLED.sub(".", match[0]))
            page.take("link", match.start(), match.end(), {("link", link)})


_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|png|jpe?g|txt|csv|zip|html?|md|json)\Z")


def _sentences_join(written: str, named: str) -> bool:
    """Whether «ended.It» is two sentences rather than a name."""
    last = named.rsplit(".", 1)[1]
    tail = written[len(named) - len(last) :]
    return last in _JOINED and named.count(".") == 1 and tail[:1].isupper() and not tail.isupper()


def host(link: str) -> str:
    """The host of a link as people write it, without `www.`."""
    authority = re.split(r"[/?#\\]", _bare(link))[0]
    # What stands before an @ is a name, and no place: shop.example@evil.test.
    return authority.rpartition("@")[2].split(":")[0]


def find_phones(page: ScannedText) -> None:
    """Take the telephone numbers: what begins as one and is long enough for one."""
    for match in _PHONE.finditer(page.folded):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) < _SHORTEST_PHONE:
            continue
        digits = digits.removeprefix("00")
        if match[0].startswith(("+84", "0084")):
            digits = f"0{digits[2:]}"
        page.take(
            "phone",
            match.start(),
            match.end(),
            {("phone", digits)},
            {("phone", digits), ("any", int(digits))},
        )

    for match in _DIALLED.finditer(page.folded):
        if match[0].startswith("goi") and not page.spelled(match.start(), match.start() + 3, "gọi"):
            continue  # «gói», a plan, calls nobody
        digits = re.sub(r"\D", "", match[1])
        _take_phone(page, match.start(1), match.end(1), digits)
    for match in _READ_OUT.finditer(page.folded):
        _read_out(page, match)
    for match in _CHANNEL.finditer(page.folded):
        page.take("link", match.start(), match.end(), {("channel", match[1])})


def _take_phone(page: ScannedText, start: int, end: int, digits: str) -> None:
    known: set[FactKey] = {("phone", digits)}
    if digits.startswith("84") and len(digits) >= 10:
        known.add(("phone", f"0{digits[2:]}"))
    page.take("phone", start, end, known, known | {("any", int(digits))})


def _read_out(page: ScannedText, match: re.Match[str]) -> None:
    """Take digits that are read out one by one, as telephone numbers are."""
    digits, begun, ended, times = "", 0, 0, 1
    for word in (*_WORD.finditer(match[0]), None):
        digit = digit_of(word[0]) if word else None
        if word is not None and word[0] in _REPEATED:
            times, begun = _REPEATED[word[0]], begun if digits else word.start()
            continue
        if word is not None and digit is not None:
            begun = begun if digits or times > 1 else word.start()
            digits, ended, times = digits + digit * times, word.end(), 1
            continue
        if len(digits) >= LEAST_READ_OUT:
            _take_phone(page, match.start() + begun, match.start() + ended, digits)
        digits, times = "", 1


def _take_link(page: ScannedText, start: int, written: str) -> None:
    written = written.rstrip(".,;:!?*_~")
    bare = _bare(written)
    needs: set[FactKey] = (
        {("link", bare)} if "/" in bare or "?" in bare else {("host", bare), ("link", bare)}
    )
    page.take("link", start, start + len(written), needs, {("link", bare), ("host", host(written))})


def _bare(link: str) -> str:
    return re.sub(r"^(?:h(?:tt|xx)ps?(?:://|:))?(?:www\.)?", "", link).rstrip("/")
