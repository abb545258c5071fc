"""What the desk itself says to customers, in their language."""

from typing import Literal

Phrase = Literal[
    "handed_over",
    "added",
    "merged",
    "failed",
    "resumed",
    "sources",
    "reminder",
    "closing",
    "rating",
]

PHRASES: dict[str, dict[Phrase, str]] = {
    "en": {
        "handed_over": "Thanks, I've passed this on to our team. "
        "A person will answer you here. Your ticket is {ticket}.",
        "added": "I've added this to {ticket}. A person will answer you here.",
        "merged": "This is about the same as {ticket}, so our team goes on there. "
        "What you write here still reaches them.",
        "failed": "Something went wrong on our side, so I've asked a person to answer you here. "
        "Your ticket is {ticket} (reference {reference}).",
        "resumed": "I'm answering here again. Write «a person, please» whenever you want one.",
        "sources": "Sources",
        "reminder": "Are you still waiting for something? Just write here. "
        "Otherwise {ticket} will be closed soon.",
        "closing": "I haven't heard from you, so I'm closing {ticket}. "
        "Write here at any time and it opens again.",
        "rating": "{ticket} is solved. How did we do?",
    },
    "vi": {
        "handed_over": "Cảm ơn bạn, mình đã chuyển yêu cầu cho đội ngũ hỗ trợ. "
        "Nhân viên sẽ trả lời bạn ngay tại đây. Mã yêu cầu của bạn là {ticket}.",
        "added": "Mình đã bổ sung vào {ticket}. Nhân viên sẽ trả lời bạn tại đây.",
        "merged": "Yêu cầu này trùng với {ticket} nên đội ngũ hỗ trợ sẽ xử lý tiếp ở đó. "
        "Bạn cứ nhắn tại đây, mọi người vẫn nhận được.",
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
    },
}


def phrase(name: Phrase, language: str | None, **values: str) -> str:
    """The phrase in the customer's language (`vi`, `vi-VN`), or in English when there is none."""
    spoken = PHRASES.get((language or "en").split("-")[0].lower(), PHRASES["en"])
    return spoken[name].format(**values)
