"""Words by which an answer claims to have done something, or promises that somebody will.

The bot can do nothing but write, so such words are true only where an article says them, or where
they say what happens in general: «we will refund the fee if the item was faulty».
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from storage.text.folding import fold

_DONE = (
    "cancel+ed|refunded|changed|updated|sent|shipped|processed|scheduled|rescheduled|booked"
    "|escalated|applied"
    "|credited|approved|issued|added|removed|fixed|resolved|reset|unlocked|forwarded|contacted"
    "|passed"
    "|created|registered|arranged|deleted|transferred|reserved|upgraded|activated|ordered|checked"
    "|granted"
    "|looked (?:up|into)|verified|notified|confirmed|initiated|submitted|extended|waived|dispatched"
    "|informed|alerted|reported|flagged|prioriti[sz]ed|corrected|compensated|reimbursed|replaced"
    "|rebooked"
    "|redirected|rerouted|put (?:in|through|on)|assigned|handed|completed|filed|logged|expedited"
    "|investigated"
    "|noted|merged|restored|renewed|paused|blocked|unblocked|closed|re-?opened|adjusted|amended"
    "|switched|moved"
)
_DO = (
    "redeliver|resend|reship|cancel|refund|change|update|send|ship|process|schedule|reschedule"
    "|book|escalate|apply|credit"
    "|approve"
    "|issue|add|remove|fix|resolve|reset|unlock|forward|contact|create|register|arrange|delete"
    "|prioriti[sz]e"
    "|transfer|reserve|upgrade|activate|call|phone|ring|email|e-mail|check|look into|verify"
    "|notify|get back"
    "|get in touch|be in touch|reach out|come back to|follow up|make sure|ensure|guarantee"
    "|compensate"
    "|reimburse|replace|deliver|extend|waive|pay|give|grant|reply|respond|let you know|inform"
    "|investigate"
    "|review|correct|assist you personally|pick (?:it|up)|collect|visit|repair|exchange|handle"
    "|take care"
    "|expedite|rush|cover|hold|keep you|match|honou?r|make an exception|speak to|talk to|ask|pass"
    "|write to"
)
_DOING = (
    "processing|cancel+ing|refunding|sending|updating|changing|checking|transferring|investigating"
    "|arranging|looking into|working on|contacting|escalating|forwarding|preparing|issuing|shipping"
    "|replacing|passing|booking|fixing|calling|expediting|resolving|unlocking|resetting|reviewing"
)
_PEOPLE = (
    r"(?:(?:a|an|one of our|our|my|the|your|another)(?: \w+){0,2}? (?:colleagues?|teams?|agents?"
    r"|managers?|supervisors?"
    r"|specialists?|technicians?|engineers?|warehouse|couriers?|drivers?|staff|support"
    r"|representatives?"
    r"|advisors?|department|partners?|experts?|people|office|seller|members?|bank|shop|store|depot"
    r"|operators?)"
    r"|someone|somebody|they|he|she|support|customer (?:service|care)|warehouse|(?:the )?dispatch)"
)
_WE = r"(?:i|we)"
_SO_FAR = "(?: just| already| now| also| gone ahead and| successfully| personally| both| since)*"
_WILL = (
    "(?:'ll| will| shall|'m going to| am going to|'re going to| are going to| is going to"
    "| can certainly| would be happy to| promise to| can now| is about to)"
)
_GLADLY = (
    "(?: now| also| gladly| personally| happily| immediately| be able to| soon| shortly"
    "| definitely| then| get to| be)*"
)
_THING = r"\b(?:your|the|this|that|all|both|an?|his|her) [\w' -]{2,40}?"
_MATTER = (
    r"(?:refunds?|orders?|requests?|cancel+ations?|replacements?|payments?|accounts?|address"
    r"|bookings?|money"
    r"|complaints?|case|tickets?|subscriptions?|parcels?|packages?|returns?|exchanges?|claims?"
    r"|discounts?"
    r"|vouchers?|repairs?|deliver(?:y|ies)|appointments?|passwords?|invoices?|changes?"
    r"|compensation|credit"
    r"|amount|fees?|charges?|warranty|upgrade|points?|coupon|application|deposit|exception"
    r"|extension|item)"
)
# «Is shipped within 24 hours» tells how it is done; «is cancelled.» that it was.
_GENERAL = (
    r"(?! (?:[\w-]+ )?(?:within|in|after|once|when|if|only|by|from|free|every|on (?:the|working"
    r"|your)|as soon|until|at"
    r"|unless|before|during|between|automatically|separately|without|depending|with|via|through"
    r"|to the|as)\b)"
)
_PAST = (
    r"(?!(?:wanted|hoped|noticed|looked|mentioned|explained|needed|tried|linked|listed|used"
    r"|named)\b)"
    r"(?:[a-z]{2,}ed|sent|told|spoke|put|made|let|took|gave|wrote|rang|got)"
)
_ENGLISH_DONE = (
    rf"\bi(?:'ve| have)?(?: just| already| now| also)* {_PAST}\b",
    (
        r"\b(?:it|this|that|everything)(?: has|'s) (?:now |already |just )?been (?:taken care of"
        r"|done"
        r"|sorted"
        r"|fixed|dealt with|resolved|arranged|cancel+ed|refunded|approved|sent|changed|escalated)\b"
    ),
    (
        rf"\ban? (?:\w+ )?{_MATTER} (?:is|was) (?:now |already )?(?:on (?:its|the) way|under way"
        rf"|approved|granted"
        r"|confirmed|being [a-z]+ed)\b"
    ),
    (
        r"\bconsider (?:it|this|that|your [\w' -]{2,30}?|the [\w' -]{2,30}?) (?:done|cancel+ed"
        r"|refunded|sorted|settled"
        r"|approved|changed|solved|fixed)\b"
    ),
    r"\bwe(?:'ve| have)?(?: just| already| now)* put (?:an?|your|the|it|this|you)\b",
    (
        r"\bwe (?:caused|broke|damaged|admit|were (?:negligent|wrong|at fault)|are at fault)\b"
        r"|\bour negligence\b"
    ),
    rf"\b{_WE}(?:'ve| have| has|'d)?{_SO_FAR} (?:{_DONE})\b",
    (
        rf"\b{_WE}(?:'ve| have)?{_SO_FAR} (?:went ahead|gone ahead|(?:let|told|asked|informed"
        rf"|warned) (?:the|our|my|them|him|her)"
        r"|opened an?|raised an?|made (?:a note|an exception|sure|the change|your)|put in an?"
        r"|placed an?|taken care"
        r"|took care|noted|spoken|spoke|had a word|given you|gave you|got (?:it|your))\b"
    ),
    (
        rf"\b{_PEOPLE} (?:has|have|is|are|'s)(?: just| already| now| been)* (?:{_DONE}|told|asked"
        rf"|{_DOING})\b"
    ),
    (
        rf"{_THING} (?:has|have|had)(?: now| just| already| successfully"
        rf"| also)* been(?: \w+ly)? (?:{_DONE}|sorted|dealt with|taken care of|cleared)\b"
    ),
    (
        rf"{_THING} (?:has|have) (?:already |just |now )?(?:gone (?:out|through)|left (?:our"
        rf"|the) (?:warehouse|depot|shop))\b"
    ),
    rf"\b{_PEOPLE} (?:was|were) (?:told|informed|asked|notified|alerted|contacted|instructed)\b",
    (
        rf"{_THING} (?:is|are|was|were|got) (?:now|already|successfully|hereby|being) (?:{_DONE}"
        rf"|on (?:its|the) way|complete[d]?|done|sorted|under (?:way|review))\b"
    ),
    rf"\b(?:your|the) (?:[\w'-]+ ){{0,2}}{_MATTER}(?: \S{{1,20}})? (?:is|are|was|were"
    rf"|got) (?:cancel+ed|refunded|approved|confirmed"
    r"|updated|changed|unlocked|reset|processed|resolved|fixed|escalated|shipped|issued|closed"
    r"|credited|activated"
    r"|granted|accepted|completed?|done|sorted|dispatched|extended|waived|sent|scheduled|booked"
    r"|registered|deleted"
    r"|removed|applied|guaranteed|on (?:its|the) way|under way|underway|in progress|taken care of"
    r"|all set)\b" + _GENERAL,
    (
        rf"(?:^|[.!?,;:\n] ?)(?:your )?{_MATTER} (?:approved|confirmed|granted|cancel+ed"
        rf"|processed|completed?|done|issued|accepted|refunded|updated|sent|under way)\b(?=[.!,;]"
        rf"|$| for you)"
    ),
    (
        r"\bthe (?:cancellation|refund|exchange|change|update|transfer|reset"
        r"|replacement) of [\w' -]{2,40}? (?:is|was|has been) (?:complete[d]?|done|confirmed"
        r"|approved|under way|in progress)\b"
    ),
    (
        r"(?:^|[.!?\n] ?)(?:all )?(?:done|sorted|all set|fixed|cancel+ed|refunded|approved"
        r"|consider it done|it's done|it is done|you're all set)\b ?[.!,:;—-]"
    ),
    rf"\b(?:i am|i'm|we are|we're)(?: now| just| currently| already)* (?:{_DOING})\b",
    (
        r"\b(?:our (?:fault|mistake|responsibility)|(?:we|i)(?: are| am|'re|'m)? (?:fully "
        r"|legally )?(?:liable|responsible for your|to blame|accept (?:full |all )?(?:liability"
        r"|responsibility|the blame)|admit|take (?:full |all )?(?:responsibility|the blame)))\b"
    ),
)
_ENGLISH_TO_COME = (
    r"\byou(?:'ll| will| should) (?:soon |shortly )?hear (?:back )?from\b",
    rf"\b(?:i|we|they)\b[^.!?\n]{{0,60}}\band (?:will|shall) (?:{_DO})\b",
    (
        rf"\byour {_MATTER} (?:will|should) be (?:back|there|here|with you|on its way|on the way"
        rf"|returned|in your)\b"
    ),
    rf"\b{_WE}{_WILL}{_GLADLY} (?:{_DO})\b",
    rf"\b{_PEOPLE}{_WILL}{_GLADLY} (?:{_DO})\b",
    (
        rf"\byou(?:'ll| will| are going to| can expect to| should)(?: definitely| certainly| surely"
        rf"| soon| shortly| also| then| now)*"
        rf" (?:be (?:{_DONE}|called|given|paid|rung|emailed)|(?:get|receive|have"
        rf"|see)(?: back)? (?:an?|the|your|our|all|another|every|full"
        rf"|some)(?: \w+){{0,2}}? (?:{_MATTER}|call|callback|gift|e-?mail|replacement|reply|answer"
        rf"|update|visit|phone call|confirmation))\b"
    ),
    (
        rf"\b(?:your|the|a|an) (?:[\w'-]+ ){{0,2}}{_MATTER} (?:will|shall|is going to)(?: now"
        rf"| soon| shortly| definitely| also)* be (?:{_DONE}|given|paid|made|prioriti[sz]ed)\b"
    ),
    r"\b(?:expect|look out for) an? (?:call|e-?mail|reply|message|visit|update|refund)\b",
    (
        r"\b(?:we|i) (?:can|could) (?:offer you|give you|make an exception|waive|refund|cancel"
        r"|extend|arrange|send you|credit|compensate|upgrade)\b"
    ),
)
_ENGLISH_SURE = (
    r"\byou will (?:definitely|certainly|surely) (?:get|receive)\b",
    (
        r"\b(?:i|we)(?: \w+ly)? (?:promise|guarantee|assure you|hereby|give you (?:my|our) word"
        r"|commit|undertake)\b"
    ),
    (
        r"\b(?:rest assured|you have my word|(?:it|that|this|delivery|arrival"
        r"|everything) is guaranteed|guaranteed to arrive|without fail|a hundred per ?cent sure"
        r"|(?:a|one) (?:gesture of )?goodwill"
        r"|as a (?:courtesy|goodwill gesture|one-off|thank-you))\b"
    ),
)
_SELF = (
    "(?:minh|toi|em|chung toi|chung minh|ben minh|ben em|shop|nhan vien|ben shop|ad|admin"
    "|he thong|cua hang"
    "|bo phan(?: [a-z]+){1,3}|kho(?: hang)?|shipper|buu ta|ky thuat vien|quan ly|tong dai|ke toan"
    "|chuyen vien"
    "|dong nghiep|ben giao hang|ben kho|nhan vien(?: [a-z]+){1,3}|don vi van chuyen"
    "|doi ngu(?: [a-z]+){1,3}|ho)"
)
_VI_DO = (
    "huy|hoan|doi|gui|cap nhat|xu ly|dat|chuyen|tao|ap dung|xac nhan|kiem tra|mo khoa|xoa|them"
    "|uu tien|bao"
    "|lien he|dang ky|thay|sua|goi|den bu|boi thuong|giam|tang|giao|phe duyet|duyet|ghi nhan"
    "|tien hanh|mien"
    "|len lich|sap xep|phan hoi|ho tro hoan|nhac|yeu cau|hoan tat|giai quyet|gia han|kich hoat"
    "|tra lai|cong|bu|nang cap|thong bao"
)
_VI_THING = (
    r"\b(?:don(?: hang)?|yeu cau|tai khoan|khoan tien|tien(?: hoan)?|khoan hoan|viec (?:huy|hoan"
    r"|doi|tra)|dia chi"
    r"|ma giam gia|phi|khieu nai|lich hen|goi hang|kien hang|hang|mat khau|the|dich vu|so tien"
    r"|hoan tien)(?: [\w-]+){0,4}?"
)
_VI_TO_YOU = "(?: [\\w-]+){0,6}?"
_VI_DONE = (
    (
        r"\b(?:tien(?: hoan)?|khoan hoan(?: tien)?|don(?: hang)?|hang|goi hang"
        r"|buu kien)(?: cua (?:ban|anh|chi|minh))? da"
        r" (?:ve|toi|den|giao|gui|hoan|huy|duyet|chuyen)\b"
    ),
    rf"(?:^|[.!?,\n] ?)da (?:{_VI_DO})\b{_VI_TO_YOU} (?:xong|roi|cho ban|thanh cong|nhe)\b",
    (
        r"\b(?:shop|ben minh|chung toi|em|minh) xin (?:den|den bu|boi thuong|hoan|tang|mien|giam"
        r"|doi|bu|gui lai|gui tang)\b"
    ),
    rf"\b{_SELF}(?: [\w-]+){{0,2}} (?:da|vua|da vua|vua moi|moi) (?:[\w-]+ ){{0,2}}?(?:{_VI_DO})\b",
    rf"\b{_SELF} (?:dang) (?:tien hanh )?(?:{_VI_DO})\b",
    rf"\b{_SELF} (?:{_VI_DO})\b{_VI_TO_YOU} (?:roi|xong)\b",
    (
        rf"{_VI_THING} (?:da duoc|vua duoc|da bi|da|dang duoc"
        rf"|duoc) (?:{_VI_DO})\b{_VI_TO_YOU} (?:xong|thanh cong|roi|cho ban)\b"
    ),
    rf"{_VI_THING} (?:da duoc|vua duoc|da bi|dang duoc|da hoan tat|da xong) ?(?:{_VI_DO})?\b",
    r"(?:^|[.!?,\n] ?)(?:da xong|xong roi|hoan tat)\b",
    (
        r"\b(?:loi cua (?:shop|chung toi|ben minh)|(?:shop|chung toi"
        r"|ben minh)(?: xin)? (?:hoan toan )?chiu(?: moi| hoan toan)? trach nhiem)\b"
    ),
)
_VI_TO_COME = (
    rf"\b{_SELF}(?: [\w-]+){{0,2}} (?:se|sap) (?:[\w-]+ ){{0,2}}?(?:{_VI_DO})\b",
    (
        rf"\b(?:ban|anh|chi|quy khach|minh|khach hang|khach) se (?:duoc (?:[\w-]+"
        rf" ){{0,1}}?(?:{_VI_DO})|nhan (?:duoc )?(?:[\w-]+ ){{0,2}}?(?:hang|tien|qua|voucher"
        rf"|boi thuong|cuoc goi|email|phan hoi|ma|hoan tien))\b"
    ),
    rf"{_VI_THING} se (?:som )?duoc (?:{_VI_DO})\b",
    (
        r"\b(?:shop|ben minh|chung toi|em|minh) (?:co the|xin|nhan) (?:mien phi|giam|tang|hoan"
        r"|den bu|boi thuong|dac cach)\b"
    ),
)
_VI_SURE = (
    rf"\b{_SELF} (?:xin )?(?:cam ket|dam bao|bao dam|hua|cam doan)\b",
    r"\b(?:chac chan (?:se|ban se)|yen tam[,]? (?:[\w-]+ ){0,3}se|dam bao 100)\b",
)
_DONE_CLAIM = re.compile(
    "|".join((*_ENGLISH_DONE, *_ENGLISH_SURE, *_VI_DONE, *_VI_SURE)), re.MULTILINE
)
_COMING_CLAIM = re.compile("|".join((*_ENGLISH_TO_COME, *_VI_TO_COME)))
# «Once your order has been sent, …» says when, not that it has.
_WHEN = re.compile(
    r"(?:\b(?:if|when|once|after|until|unless|whether|before|as soon as|whenever|in case|neu|khi"
    r"|sau khi"
    r"|truoc khi|den khi|cho den khi|ngay khi|lieu|truong hop)|(?<=[a-z] )(?:that|which|who|whose))"
    r"\b[^.!?;\n]{0,120}\Z|\b(?:not|never|khong|chua)\s+\Z"
)
# In a rule the condition may follow: «we will refund it if …».
_ON_CONDITION = re.compile(
    r"[^.!?\n]{0,160}?\b(?:if|when|once|after|unless|as soon as|provided|in case|upon|neu|khi"
    r"|sau khi|sau"
    r"|truong hop|ke tu|trong vong)\b"
)
_MARKS = " .,!?;:\n"
_NEXT = re.compile(r"(?: [a-z']+){0,2}")
_STEM = 4
_WORD = re.compile(r"[a-z]{3,}")
_HELPERS_WORDS = """
    will has have been the you your our and for are was were is shall going can now already just
    be get receive team someone somebody they see duoc nhan ban minh chung toi shop nhan vien"""
_HELPERS = frozenset(_HELPERS_WORDS.split())


def find_promises(text: str, articles: Iterable[str]) -> Iterator[str]:
    """The claims in a text that stand in none of the articles, as written."""
    folded = _plain(text)
    ground = " ".join(_plain(each) for each in articles)
    found = {match.start(): match for match in _COMING_CLAIM.finditer(folded)}
    general = {start for start, match in found.items() if _general(match, folded, ground)}
    found |= {match.start(): match for match in _DONE_CLAIM.finditer(folded)}
    for start in sorted(found):
        match = found[start]
        if start in general and match.re is _COMING_CLAIM:
            continue
        begin = start + len(match[0]) - len(match[0].lstrip(_MARKS))
        before = folded[max(0, begin - 160) : begin]
        if not (_polite(text, match) or _written(match, folded, ground) or _WHEN.search(before)):
            yield text[begin : match.end()] if len(text) == len(folded) else match[0].strip()


def _general(match: re.Match[str], folded: str, ground: str) -> bool:
    """Whether a promise is a rule of the articles: what they speak of, on a condition."""
    if not _ON_CONDITION.match(folded, match.end()):
        return False
    telling = [word for word in _WORD.findall(match[0]) if word not in _HELPERS]
    return bool(telling) and all(word[:_STEM] in ground for word in telling)


def _written(match: re.Match[str], folded: str, ground: str) -> bool:
    """Whether an article says it in these words, with the two that follow: of the same thing."""
    after = _NEXT.match(folded, match.end())
    return f"{match[0]}{after[0] if after else ''}".strip(_MARKS) in ground


def _polite(text: str, match: re.Match[str]) -> bool:
    """Folded, «dạ» is «đã»; only the latter says that something was done."""
    written = text[match.start() : match.end()].lower()
    return "dạ" in written and "đã" not in written


def _plain(text: str) -> str:
    return "".join(map(_letter, text))


@lru_cache(maxsize=4_096)
def _letter(char: str) -> str:
    return "'" if char == "’" else fold(char) or char
