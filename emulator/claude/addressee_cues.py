"""The cues by which `addressee` tells for whom a message is: words, and forms of sentences.

They are of English and Vietnamese, folded where they are searched in folded text.
"""

import re

from emulator.claude.text import Lexicon

# Between À and Ỵ stand small letters as well.
_CAPITAL = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_NAME = rf"(?P<name>[{_CAPITAL}](?![A-Z])[\w'-]+)"
_HAIL = (
    "hi|hey|hello|dear|yo|good morning|morning|thanks|thank you|thx|congrats|sorry|ok"
    "|happy birthday|chào|anh|chị|em|bạn|cô|chú|cảm ơn|nhờ|chúc mừng sinh nhật|này|ê"
)
_TOLD = (
    "(?:said|told|recommended|suggested|bought|ordered|and|asked|referred|sent|gave"
    "|bảo|nói|giới thiệu)"
)
_YOU = r"(?:did|do|are|is|can|could|will|would|have|shall|please|when|what|how) (?:you|we|your)\b"
# «@tom …», «Hey Tom, …», «Tom, …», «Tom did you …», «Tuấn ơi …», «…, Tom?», «… Tom, can we …»
CALLED = (
    re.compile(rf"(?:^|[\s(])@(?!(?:here|channel|everyone)\b)[\w.-]+\b(?!['’]s|\s+{_TOLD}\b)"),
    re.compile(rf"^\s*(?i:(?:{_HAIL})\s+)+{_NAME}"),
    re.compile(rf"^\s*{_NAME}\s*[,:–-]\s"),
    re.compile(rf"^\s*{_NAME}\s+{_YOU}"),
    re.compile(rf"^\s*{_NAME}\s+(?:please|pls|could|can|would|will)\s+(?!I\b)\w"),
    re.compile(rf"(?:^|[,.!?]\s*|\s)(?i:nhờ)\s+(?:(?i:anh|chị|em|bạn)\s+)?{_NAME}"),
    re.compile(
        rf"^\s*(?i:anh|chị|bạn|cô|chú|bác)\s+{_NAME}\s+(?:cho|giúp|xem|làm|lấy|gửi|ra|vào)\b"
    ),
    re.compile(rf"{_NAME}\s+(?:ơi|oi)\b"),
    re.compile(rf",\s*{_NAME}\s*[?!.]*\s*$"),
    re.compile(rf"\w\s+{_NAME},\s+{_YOU}"),
)
# «Tom, can you …» asks Tom, whatever it is about.
ASKED_BY_NAME = re.compile(
    rf"^\s*(?:(?i:{_HAIL})\s+)?{_NAME}\s*,?\s+(?:can|could|would|will|did|do) you\b"
)
_NO_NAMES = """
support team service shop desk admin ad agent help sir madam all everyone everybody guys folks
there again you so god mình mọi người nhà cả anh chị em bạn moi nguoi chi ban cskh bot xin cho vâng
dạ da alo hallo guten tag moin servus bonjour salut hola ciao olá buongiorno halo
please hi hello hey yes no yeah ok okay well sorry thanks thank good dear also and but so
then question urgent actually btw fyi update is are can could do does how what where when which why
order refund day night morning afternoon evening i monday tuesday wednesday thursday friday
saturday sunday january february march april may june july august september october november
december"""
OF_NOBODY = frozenset(_NO_NAMES.split())

DESK = Lexicon(
    "support", "customer service", "customer care", "help desk", "helpdesk", "hi team",
    "hello team", "dear team", "your team", "your shop", "your store", "your colleague",
    "at your", "from your", "you guys", "hi there", "sir or madam", "bên bạn", "bên mình",
    "do you ship", "do you sell", "do you have", "do you offer", "do you accept", "do you take",
    "do you give", "do you deliver", "your opening hours", "your service", "manager",
    "shop", "ad", "shop ơi", "ad ơi", "admin", "cskh", "tổng đài", "hỗ trợ",
    "cửa hàng", "nhân viên", "anh chị ơi", "bên shop",
)  # fmt: skip
OWN = re.compile(
    r"\bmine (?:is|was|has|had|hasnt|isnt|does|doesnt|did|didnt|came|never|still|got|says|shows)\b|"
    r"\b(?:my|our|this|the) (?:\w+ )?(?:order|parcel|package|refund|delivery|invoice|account"
    r"|purchase|warranty|item|payment|address|voucher)\b"
    r"|\bi (?:ordered|bought|paid|want to (?:cancel|return|change|buy|order)|would like to|need)\b"
    r"|\byour (?:\w+ )?(?:products?|prices?|website|app|delivery|courier|driver|warranty)\b"
    r"|\b(?:can|could|may|do|how do|how can|where can|where do|must) i\b|\bi'?d like\b"
    r"|\b(?:has|have|had)(?:nt| not| never)? (?:still )?(?:not )?(?:arrived|come|received|got)\b"
    r"|\b(?:leaks?|is leaking|stopped|won'?t (?:turn|start|open)|doesn'?t (?:work|fit|heat))\b"
    r"|\bcho (?:em|minh|toi|hoi)\b|\b(?:em|minh|toi) (?:dat|mua|muon|can|hoi)\b"
    r"|\b(?:dat (?:coc|hang|mua|nham|trung)|tru tien|chuyen khoan|tra gop|nhap sai|ma otp"
    r"|mua (?:si|le|online|chung))\b"
    r"|\b(?:don|don hang|hang|goi hang) (?:cua |nay |hang )*(?:em|minh|toi|nay)\b"
    r"|\bmoi mua\b|\bmua (?:\d+|hom|tuan|thang)\b|\bchua nhan\b|\bgiup (?:em|minh|toi) voi\b"
)
_TRADE = """refund warranty ship cancel return broken discount stock international account pay price
complaint setup compare writing wrong"""
_PERHAPS_TRADE = "order where address hours product duration fit"
STRONG = frozenset(_TRADE.split())
WEAK = frozenset(_PERHAPS_TRADE.split())

COLLEAGUES = Lexicon(
    "lunch", "dinner", "breakfast", "coffee", "pizza", "beer", "beers", "drinks", "noodles", "cake",
    "meeting", "meetings", "standup", "stand-up", "retro", "sprint", "sync", "workshop", "offsite",
    "pull request", "code review", "deploy", "slides", "deck", "spreadsheet", "budget sheet",
    "shared drive", "quarterly", "printer", "badge", "kitchen", "mug", "parking", "lobby", "office",
    "meeting room", "shift", "day off", "on holiday", "on leave", "out sick", "dentist", "zoom",
    "working from home", "wfh", "birthday", "weekend", "party", "game", "movie", "meme",
    "haha", "hahaha", "lol", "lmao", "brb", "omg", "congrats", "congratulations", "nice job",
    "well done", "well deserved", "see you", "good night", "running late", "on my way", "gym",
    "phone charger", "headset", "carpool", "team photo", "team building", "vpn", "laptop",
    "jira", "confluence", "figma", "github", "intern", "onboarding", "payroll",
    "fire alarm", "on a call", "conference", "landlord", "umbrella", "airport", "exam",
    "good luck", "ugh", "some of us",
    "colleagues", "carpark", "floor", "reception", "storage room", "fire drill", "accountant",
    "all-hands", "payday", "monitor", "ladder", "coffee machine", "bathroom", "train", "dial in",
    "wrong channel", "secret santa", "fridge", "microwave", "elevator",
    "air conditioning", "whiteboard", "projector", "cables", "desk chair",
    "ăn trưa", "ăn gì", "ăn tối", "đi ăn", "cà phê", "cafe", "trà sữa", "nhậu", "bia", "đá bóng",
    "họp", "phòng họp", "báo cáo", "slide", "duyệt", "máy in", "máy lạnh", "cái cốc", "kẹt xe",
    "đến trễ", "làm ở nhà", "nghỉ phép", "trực thay", "văn phòng", "cuối tuần", "phượt",
    "sinh nhật", "hihi", "kkk", "vui quá", "cả nhà", "anh em", "chìa khóa", "wifi", "gửi em file",
    "gửi link",  "sếp", "đồ ăn", "cả team", "chụp hình", "cho mượn", "sạc", "hợp đồng",
    "đi làm", "tăng ca", "thang máy", "gửi xe", "lương", "khách hàng", "dự án", "chúc mừng",
    "liên hoan", "tiệc công ty", "đá banh", "karaoke", "ngủ ngon", "ca tối", "lên công ty",
    "bảo vệ", "về trước", "đón con", "máy chiếu", "the boss", "candidate", "new joiner", "gate",
    "finance", "legal", "hr", "kế toán", "nhân sự", "entrance", "loading dock", "merge", "rebase",
    "first aid kit",
)  # fmt: skip
# What says that it went the same way for somebody else, and no more.
ECHOES = re.compile(
    r"^\W*(?:mine|ours|i|we)\b.{0,40}\b(?:too|as well)\W*$|^\W*(?:em|minh|toi|tui) cung\b"
)
# What goes on with a question that was just answered: «and to Laos?», «còn màu đen thì sao?».
FOLLOWS = re.compile(
    r"^\W*(?:(?:and|what about|how about)\b"
    r"|(?:does|is|would|will) (?:that|it|this) (?:also |still )?"
    r"(?:hold|apply|go|count|work|the same|true|valid)\b"
    r"|(?:vay |the )?con\b.*\b(?:sao|khong|ko)\b)"
)
TOGETHER = re.compile(
    r"\b(?:let'?s|shall we|we should|who(?:'?s| is| wants| took| has)|did you|are you coming"
    r"|will you be|were you|have you seen|anyone (?:up|want|seen|got)|i'?ll (?:be|bring)"
    r"|help yourselves|your (?:coffee|shift|turn|mug|desk)|covers? (?:for )?(?:me|my)"
    r"|start without|wdyt|thoughts|what do you (?:all |guys )?think"
    r"|(?:who|whoever) (?:ordered|took|left|broke|ate|moved|parked|used|borrowed)"
    r"|take (?:as many|as much|one|some) (?:as )?(?:you|if you)"
    r"|(?:is|are) in the (?:pantry|fridge))\b"
    r"|\b(?:di khong|khong anh em|moi nguoi (?:hop|di)|co ai|ai (?:lay|thay|co|con))\b"
)
ANSWERS = re.compile(
    r"^(?:yes|yep|yeah|no|nope|not yet|same here|me too|agreed|exactly|true|right|sure|haha|ok"
    r"|okay|thanks|thank you|no idea|i think|i guess|i had|i'?d|maybe|probably|just|try|ask"
    r"|you (?:can|could|should|need|are|have)|have you tried|did you try"
    r"|u|dung|chac|thu|em cung|minh cung|khong biet|chua dau|cam on|hoi"
    r"|ban (?:thu|nen|cu|hoi|goi))\b"
)
# What is said to a round of people, whatever it is about.
TO_ALL = re.compile(
    r"^\W*(?:psa|fyi|heads[- ]up|reminder|stand-?up|yesterday:|let'?s|lets)(?!\w)"
    r"|^\W*(?:1|this|same|on it|done|(?:please )?ignore(?: me| this)?|np|no problem"
    r"|oops|(?:sorry )?wrong channel|my bad|nvm|\^+)\W*$"
)
ANYONE_THERE = re.compile(
    r"^\W*(?:hello|hi|hey|alo)\W*$"
    r"|^\W*(?:hello |hi )?(?:is )?any(?:one|body) (?:there|here|around)(?:[^\w\s]|\s*$)"
)
# Thanks to somebody that something else follows: that is for whoever can tell.
THANKED = re.compile(rf"^\s*(?i:thanks|thank you|thx|cảm ơn)\s+(?:\w+\s+)?{_NAME}[!.,]+\s+(?=\w)")
# Everybody is spoken to, as a desk is not.
ALL = re.compile(
    r"\b(?:everyone|everybody|anyone|anybody|guys|folks|you all|y'?all|all)\b"
    r"|\b(?:moi nguoi|ca nha|anh em|cac ban|mn|mng|ae|(?:nhom|phong|team) minh)\b"
)
# What is wanted by whoever says it, and what is asked without a mark.
WISHES = re.compile(
    r"\b(?:please|pls|i (?:also |still )?(?:want|need|have)|i (?:can'?t|cannot)|me too but|but"
    r"|muon|can|giup|nhung|ma|errors?"
    r"|still (?:shows?|says?|not|no|the same)|van (?:chua|khong|bi|loi))\b"
)
ASKING = re.compile(
    r"^(?:and |so |then )?(?:how|what|which|where|when|who|why|can|could|do|does|is|are|will)\b"
    r"|\b(?:bao (?:lau|nhieu|gio)|the nao|lam sao|thi sao|o dau|may (?:ngay|gio)"
    r"|(?:duoc|co|chua|phai) (?:khong|ko)|co .{1,24}(?:khong|ko)|khi nao)\b"
)
# Somebody's own matter that did not go as it should: that may well be told to a desk.
LACKS = re.compile(
    r"\b(?:i|im|ive|me|my|mine|we|our|us|toi|minh|em)\b.*"
    r"\b(?:not|never|nothing|no|cant|cannot|dont|doesnt|didnt|wont|isnt|wasnt|ago|since"
    r"|chua|khong|ko|mai|hoai)\b"
)
CROWD = re.compile(r"(?:@|<!)(?:here|channel|everyone)\b>?")
# How work is shared among those who do it: shifts, handing over, standing in, telling what is done.
AT_WORK = re.compile(
    r"\b(?:hand(?:ing|ed)? (?:it |this |that )?over|handover|tak(?:e|es|ing) over|(?:on|my|a) break"
    r"|(?:late|night|early|day|morning) shift|rota|roster|overtime|(?:fill|stand)(?:ing)? in for"
    r"|cover(?:s|ing)? \w+ (?:for|with|till|until)"
    r"|swap(?:s|ping)? (?:\w+ (?:with|till|until)|shifts?|days?|weekends?)|(?:my|the) pr|pallets?"
    r"|(?:pushed|merged|deployed|rebased|committed) (?:the|a|my|it|to)|on call|time ?sheets?"
    r"|cover(?:s|ed|ing)? (?:cho|for) (?:me|em|anh|chi)"
    r"|(?:can|could) (?:you|someone|somebody) (?:please )?(?:review|approve|resend|merge|deploy))\b"
    r"|\b(?:ban giao|giao ca|giao (?:lai|viec) cho (?:em|anh|chi|ban)|qua giang|doi ca"
    r"|ca (?:sang|chieu|toi|dem)"
    r"|(?:truc|lam|dong goi|coi|trong)(?: \w+)? (?:ho|thay|giup|gium)"
    r"|thieu (?:\d+ )?nguoi|cham cong|xin (?:nghi|ve som|di tre)|nghi om|bang luong"
    r"|(?:gui|nop|cap nhat|check) (?:file|link|mail|bang|hop dong|bao cao))\b"
)
# Where people are, and when they will be here: colleagues tell each other.
AWAY = re.compile(
    r"\b(?:brb|afk|ooo|omw|ttyl|wfh"
    r"|(?:i'?ll|i will|will|i'?m) (?:be )?(?:in|back|out|off|away|late)"
    r" (?:at|in|by|around|till|until|today|tomorrow|sick|from)|(?:back|home) from (?:the )?\w+"
    r"|(?:stuck )?in (?:a |another )?meeting|running late|i'?m on (?:the phone|a call)"
    r"|(?:vua|di) hop|feeling (?:better|sick|ill))\b|^\W*back(?: online| at my desk| now)?\W*$"
    r"|\b(?:(?:dang|ket) (?:cuoc )?hop|dang (?:chay|lai) xe|ve som|di tre|nghi (?:om|phep|trua)"
    r"|(?:goi|nhan) lai (?:cho )?(?:anh|chi|em))\b"
)
# What was done for a colleague is told to that colleague.
TOLD_THEM = re.compile(r"\b(?:cho|gui|bao|dua) (?:anh|chi|em|sep) (?:\w+ ){0,2}roi\b")
# What everybody here is to do, or not to do.
BIDDEN = re.compile(
    r"^\W*(?:(?:pls|please) )?(?:do ?n[o']?t|remember|make sure|keep|mind|be (?:nice|kind|quiet))\b"
    r"|^\W*(?:(?:moi nguoi|ca nha|anh em|mn) )?nho (?:\w+ ){2,}|\b(?:chot|the) (?:nhe|nha)\W*$"
)
# Said in the wrong place, or of what is said here.
MISPLACED = re.compile(
    r"\bwrong (?:channel|chat|thread|group|window)\b|\bfor the noise\b"
    r"|\bnham (?:nhom|kenh|group|chat)\b"
)
# Who of the people here it is, and what somebody here will do for another.
WHO_HERE = re.compile(
    r"^\W*is [a-z]+ in (?:today|yet|now|tomorrow)\b"
    r"|^\W*(?:has|is|did|will) (?!it|this|that|there|my|the|your|our)[a-z]+ (?:left|gone|here|back"
    r"|coming|finished|replied|signed|approved)\b"
    r"|\b(?:do we (?:still |even )?(?:have|know)|are we (?:out of|low on)|have we got)\b"
    r"|\bmy (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|^\W*(?:co )?ai (?:ranh|lay|cam|thay|dang|truc|vua|muon di)\b|\bone of you\b"
    r"|\b(?:de (?:em|anh|chi|minh)|let me) (?:hoi|coi|goi|bao|check with|ask|ping)\b"
)
AMONG = (AT_WORK, AWAY, TOLD_THEM, MISPLACED, WHO_HERE)
# Who is wanted is one of the people here, and what is wanted no matter of a desk.
TO_PEOPLE = re.compile(
    r"\b(?:(?:can|could|would|will|has|did|does|is) (?:some|any)(?:one|body)|(?:some|any)body"
    r"|anyone|who(?:s| is| has| can| wants| broke| left| took| ordered| else)?"
    r"|(?:can|could|would|will) (?:u|ya)|(?:some|every)one)\b"
    r"|^\W*(?:ai|co ai|nho ai)\b"
    r"|\b(?:ai (?:con|co|dang|muon|di|biet|vua|ranh)|giup (?:nhau|nha|nhe))\b"
)
# What strangers ask whoever is there to be asked, and what they tell of a thing of theirs.
TO_YOU = re.compile(
    r"\b(?:do you (?:also |still |ever |only )?[a-z]+|are you (?:open|closed|able|there)"
    r"|(?:can|could|would|will) you (?:please )?(?:help|tell|explain|write|translate|recommend)"
    r"|(?:whats|wheres|(?:what|where|which|who|how) (?:is|are)) your)\b"
    r"|\b(?:ben|shop|cua hang) (?:ban|co)\b"
)
# What is asked about the world, not about what «we» do or about «the» thing that both know.
TO_ANYBODY = re.compile(
    r"^(?!.*\b(?:we|us|our)\b)(?:what|whats|which|how|hows|when|where|why|tell me)\b"
    r"|^(?:are|is|do|does) (?!.*\b(?:we|us|our|the|this|that|he|she|they|there|it)\b)[a-z]+ \w+ \w+"
    r"|\b(?:by|from|with) you\b"
    r"|^sao .{6,}(?:vay|the|v|a|nhi)\W*$"
    r"|\b(?:the nao|la gi|o dau|bao nhieu|tai sao|vi sao|khi nao|bao gio)\b"
)
FAILS = re.compile(
    r"\b(?:(?:wont|doesnt|didnt|not) (?:let|allow) me|(?:heard|got|received|see) nothing"
    r"|no (?:reply|answer|response)|(?:nobody|no one) (?:answers|replies|picks up|calls|writes)"
    r"|(?:i|we) (?:was|were) (?:told|promised)|(?:i )?(?:got|received) (?:an?|the|only|just|my) \w+"
    r"|(?:gets?|turns?|smells?|sounds?|makes?) (?:\w+ )?(?:hot|loud|noises?|burnt|strange)"
    r"|(?:pieces?|parts?|legs?|lids?|items?|screws?|handles?) (?:\w+ ){0,3}"
    r"(?:missing|broken|bent|cracked)"
    r"|nhan (?:duoc|phai)|bi (?:tru|huy|khoa|loi|mop|vo|thieu|tre|giao|tinh|tu choi)"
    r"|(?:second|third|fourth|2nd|3rd) time|lan thu (?:hai|ba|may|\d)"
    r"|keeps? (?:on )?\w+ing|(?:been|still|am) waiting"
    r"|(?:i|we) (?:try|tried|keep trying) to"
    r"|(?:khong|ko|chang|hong) ai (?:bat may|nghe|tra loi|rep|nhan may|xu ly)"
    r"|(?:goi|nhan tin|lien he) (?:\w+ ){0,3}(?:khong|ko|chang) (?:duoc|ai|thay)"
    r"|(?:cant|cannot|couldnt|unable to) (?:log|sign|pay|check out|checkout|buy|order|use|open))\b"
    r"|\b(?:my|the new) (?:[a-z]+ ){1,4}(?:smells?|leaks?|broke|breaks|makes?"
    r"|burns?|burnt|shows?|died|stopped|came|fell|wont|doesnt)\b"
    r"|\b(?:may|noi|binh|quat|tu|dien thoai|hang|do) [a-z0-9 ,]{0,30}"
    r"(?:bi|hu|hong|keu|ro|nut|chay)\b"
)
TAG = re.compile(r"<[^<>]*>")
PLACE = re.compile(r"\b(?:in|to|at|from|near|on|ở|tại|về|đến)\s+[A-ZĐ]\w+")
WORLD = re.compile(r"^(?:what|which|how|when|where|why|tell me|can|could|do|does)\b")
ASKS = re.compile(r"\b(?:same question|how (?:long|much|do|can)|where|bao (?:lau|nhieu))\b")
