"""What the desk itself says to customers, in their language."""

from typing import Literal

Phrase = Literal[
    "handed_over",
    "added",
    "failed",
    "resumed",
    "sources",
    "reminder",
    "closing",
    "rating",
    "thanks",
    "okay",
    "working",
    "suggest",
    "stopped",
    "person_came",
    "solved_button",
    "person_button",
    "good",
    "bad",
    "solved_chosen",
    "person_chosen",
]

PHRASES: dict[str, dict[Phrase, str]] = {
    "en": {
        "handed_over": "Thanks, I've passed this on to our team. "
        "A person will answer you here. Your ticket is {ticket}.",
        "added": "I've added this to {ticket}. A person will answer you here.",
        "failed": "Something went wrong on our side, so I've asked a person to answer you here. "
        "Your ticket is {ticket} (reference {reference}).",
        "resumed": "I'm answering here again. Write «a person, please» whenever you want one.",
        "sources": "Sources",
        "reminder": "Are you still waiting for something? Just write here. "
        "Otherwise {ticket} will be closed soon.",
        "closing": "I haven't heard from you, so I'm closing {ticket}. "
        "Write here at any time and it opens again.",
        "rating": "{ticket} is solved. How did we do?",
        "thanks": "You're welcome! Just write here whenever you need us.",
        "okay": "Good. Just write here if anything else comes up.",
        "working": "is working on your answer…",
        "suggest": "What can we do for you?",
        "stopped": "Stopped. Write here to go on, or ask for a person.",
        "person_came": "A person goes on from here.",
        "solved_button": "That solved it",
        "person_button": "I need a human",
        "good": "Good answer",
        "bad": "Not helpful",
        "solved_chosen": "That solved it.",
        "person_chosen": "A person was asked for.",
    },
    "vi": {
        "handed_over": "Cảm ơn bạn, mình đã chuyển yêu cầu cho đội ngũ hỗ trợ. "
        "Nhân viên sẽ trả lời bạn ngay tại đây. Mã yêu cầu của bạn là {ticket}.",
        "added": "Mình đã bổ sung vào {ticket}. Nhân viên sẽ trả lời bạn tại đây.",
        "failed": "Hệ thống của chúng tôi gặp sự cố, mình đã nhờ nhân viên trả lời bạn tại đây. "
        "Mã yêu cầu của bạn là {ticket} (tham chiếu {reference}).",
        "resumed": "Mình tiếp tục hỗ trợ bạn tại đây. "
        "Bạn cứ nhắn «cho gặp nhân viên» khi cần người hỗ trợ.",
        "sources": "Nguồn",
        "reminder": "Bạn còn cần hỗ trợ gì nữa không? Bạn cứ nhắn tại đây nhé. "
        "Nếu không, {ticket} sẽ sớm được đóng.",
        "closing": "Mình chưa nhận được phản hồi của bạn nên xin đóng {ticket}. "
        "Bạn nhắn lại bất cứ lúc nào, yêu cầu sẽ được mở lại.",
        "rating": "{ticket} đã được giải quyết. Bạn thấy dịch vụ thế nào?",
        "thanks": "Không có gì ạ! Bạn cứ nhắn tại đây bất cứ khi nào cần nhé.",
        "okay": "Vâng ạ. Nếu cần thêm gì bạn cứ nhắn tại đây nhé.",
        "working": "đang soạn câu trả lời…",
        "suggest": "Chúng tôi giúp gì được cho bạn?",
        "stopped": "Đã dừng. Bạn nhắn tiếp tại đây, hoặc yêu cầu gặp nhân viên.",
        "person_came": "Nhân viên sẽ tiếp tục từ đây.",
        "solved_button": "Đã giải quyết xong",
        "person_button": "Tôi cần gặp nhân viên",
        "good": "Câu trả lời tốt",
        "bad": "Chưa hữu ích",
        "solved_chosen": "Đã giải quyết xong.",
        "person_chosen": "Đã yêu cầu gặp nhân viên.",
    },
}

# Shown in turn while the bot is at work. Slack takes ten, of 50 characters.
LOADING: dict[str, tuple[str, ...]] = {
    "en": ("Reading your message…", "Looking in our articles…", "Checking every fact…"),
    "vi": ("Đang đọc tin nhắn của bạn…", "Đang tra cứu bài viết…", "Đang kiểm tra thông tin…"),
}


def phrase(name: Phrase, language: str | None, **values: str) -> str:
    """The phrase in the customer's language (`vi`, `vi-VN`), or in English when there is none."""
    spoken = PHRASES.get((language or "en").split("-")[0].lower(), PHRASES["en"])
    return spoken[name].format(**values)
