"""What the desk itself says to customers, in their language."""

from typing import Literal

from bot.text.problems import Problem

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
    "thanks",
    "okay",
    "working",
    "suggest",
    "stopped",
    "person_came",
    "solved_button",
    "person_button",
    "good_answer",
    "bad_answer",
    "solved_chosen",
    "person_chosen",
    "rated",
    "good",
    "bad",
    "tell_more",
    "send",
    "cancel",
    "declined",
    "reading",
    "read",
    "long_message",
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
        "thanks": "You're welcome! Just write here whenever you need us.",
        "okay": "Good. Just write here if anything else comes up.",
        "working": "is working on your answer…",
        "suggest": "What can we do for you?",
        "stopped": "Stopped. Write here to go on, or ask for a person.",
        "person_came": "A person goes on from here.",
        "solved_button": "That solved it",
        "person_button": "I need a human",
        "good_answer": "Good answer",
        "bad_answer": "Not helpful",
        "solved_chosen": "That solved it.",
        "person_chosen": "A person was asked for.",
        "rated": "Your rating",
        "good": "👍 Good. Thank you.",
        "bad": "👎 Not good. Thank you.",
        "tell_more": "Would you like to tell us more?",
        "send": "Send",
        "cancel": "Cancel",
        "declined": "I'm sorry, that is something I can't help with here. "
        "Write «a person, please» if you need one of us.",
        "reading": "Reading {file}: {done} of {parts} parts",
        "read": "I have read {file} ({parts} parts).",
        "long_message": "your message",
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
        "thanks": "Không có gì ạ! Bạn cứ nhắn tại đây bất cứ khi nào cần nhé.",
        "okay": "Vâng ạ. Nếu cần thêm gì bạn cứ nhắn tại đây nhé.",
        "working": "đang soạn câu trả lời…",
        "suggest": "Chúng tôi giúp gì được cho bạn?",
        "stopped": "Đã dừng. Bạn nhắn tiếp tại đây, hoặc yêu cầu gặp nhân viên.",
        "person_came": "Nhân viên sẽ tiếp tục từ đây.",
        "solved_button": "Đã giải quyết xong",
        "person_button": "Tôi cần gặp nhân viên",
        "good_answer": "Câu trả lời tốt",
        "bad_answer": "Chưa hữu ích",
        "solved_chosen": "Đã giải quyết xong.",
        "person_chosen": "Đã yêu cầu gặp nhân viên.",
        "rated": "Đánh giá của bạn",
        "good": "👍 Tốt. Cảm ơn bạn.",
        "bad": "👎 Chưa tốt. Cảm ơn bạn.",
        "tell_more": "Bạn có muốn chia sẻ thêm không?",
        "send": "Gửi",
        "cancel": "Hủy",
        "declined": "Xin lỗi, việc này mình không hỗ trợ được tại đây. "
        "Bạn cứ nhắn «cho gặp nhân viên» nếu cần người hỗ trợ.",
        "reading": "Đang đọc {file}: {done}/{parts} phần",
        "read": "Mình đã đọc {file} ({parts} phần).",
        "long_message": "tin nhắn của bạn",
    },
}

# Why a file could not be read, in one sentence.
UNREAD: dict[str, dict[Problem, str]] = {
    "en": {
        "kind": "I can't read {name}: I read text, PDF and Word files, and PNG, JPEG, GIF and WebP "
        "pictures.",
        "large": "I didn't read {name}: it is too large for me.",
        "long": "I didn't read {name}: it is too long for me.",
        "many": "I looked at the first pictures only; {count} more were left out.",
        "refused": "I couldn't open {name}: Slack doesn't let me see it.",
        "elsewhere": "I didn't open {name}: it isn't kept in Slack.",
        "away": "I couldn't load {name} from Slack just now.",
        "locked": "I couldn't read {name}: it is locked with a password.",
        "damaged": "I couldn't read {name}: the file is damaged, or not what its name says.",
        "empty": "I found no text in {name}; if it is a scan, a picture of the page helps.",
        "budget": "I didn't read {name}: it is too long for what I may spend today.",
        "unread": "I couldn't take in all of {name}.",
    },
    "vi": {
        "kind": "Mình không đọc được {name}: mình đọc được tệp văn bản, PDF, Word và ảnh PNG, "
        "JPEG, GIF, WebP.",
        "large": "Mình chưa đọc {name} vì tệp quá lớn.",
        "long": "Mình chưa đọc {name} vì tài liệu quá dài.",
        "many": "Mình chỉ xem những ảnh đầu tiên; còn {count} ảnh chưa xem.",
        "refused": "Mình không mở được {name}: Slack không cho mình xem tệp này.",
        "elsewhere": "Mình chưa mở {name} vì tệp không nằm trong Slack.",
        "away": "Hiện mình chưa tải được {name} từ Slack.",
        "locked": "Mình không đọc được {name}: tệp có mật khẩu.",
        "damaged": "Mình không đọc được {name}: tệp bị hỏng hoặc không đúng định dạng.",
        "empty": "Mình không tìm thấy chữ nào trong {name}; nếu là bản quét, bạn gửi ảnh chụp "
        "trang đó giúp mình nhé.",
        "budget": "Mình chưa đọc {name}: tài liệu dài hơn mức mình được phép xử lý hôm nay.",
        "unread": "Mình chưa đọc được hết {name}.",
    },
}

# Shown in turn while the bot is at work. Slack takes ten, of 50 characters.
LOADING: dict[str, tuple[str, ...]] = {
    "en": ("Reading your message…", "Looking in our articles…", "Checking every fact…"),
    "vi": ("Đang đọc tin nhắn của bạn…", "Đang tra cứu bài viết…", "Đang kiểm tra thông tin…"),
}


def unread(problem: Problem, language: str | None, *, name: str, count: int = 1) -> str:
    """Why a file could not be read, in the customer's language or in English."""
    spoken = UNREAD.get(_spoken(language), UNREAD["en"])
    return spoken[problem].format(name=name, count=count)


def phrase(name: Phrase, language: str | None, **values: str) -> str:
    """The phrase in the customer's language (`vi`, `vi-VN`), or in English when there is none."""
    spoken = PHRASES.get(_spoken(language), PHRASES["en"])
    return spoken[name].format(**values)


def _spoken(language: str | None) -> str:
    return (language or "en").split("-")[0].lower()
