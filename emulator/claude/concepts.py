"""Words of the support trade that mean the same thing, English and Vietnamese.

A real model understands «where is my parcel» and «hàng tới đâu rồi» alike; this table is the
stand-in's share of that. It is general: it names no category, shop or message.
"""

from functools import lru_cache

from emulator.claude.text import fold, stem

_GROUPS = {
    "cancel": "cancel; cancellation; annuler; cancelar; call off; huy; khong mua nua; khong "
    "dat nua; dung don; dont want it; no longer want; no longer need; changed my mind; stop the "
    "order; khong can nua; doi y; khong lay; dung lay",
    "refund": "refund; money back; remboursement; rembourser; reembolso; reimburse; "
    "chargeback; hoan tien; tra lai tien; lay lai tien; hoan lai tien; nhan lai tien; tien ve",
    "return": "return; send back; send it back; send this back; exchange; replacement; doi "
    "tra; tra hang; tra lai; doi hang",
    "ship": "ship; shipment; livraison; envio; deliver; delivery; courier; parcel; package; "
    "giao; giao hang; van chuyen; ship hang; kien hang; buu kien; don vi van chuyen; shipper",
    "where": "track; tracking; where; status; eta; dau; o dau; toi dau; den dau; tinh trang; "
    "theo doi; ma van don; chua nhan; chua thay; havent received; not arrived; hasnt arrived; "
    "never arrived; hasnt come; on the way; khi nao nhan; bao gio nhan; khi nao giao; bao gio "
    "giao; will arrive; when will; ou est; donde esta; bao gio hang; khi nao hang; khi nao toi; "
    "bao gio toi; khi nao den; bao gio den",
    "late": "late; delay; overdue; still waiting; waiting; cham; tre; lau; tre hen; mai chua",
    "broken": "broken; break; damage; defective; faulty; not working; doesnt work; stopped "
    "working; crack; hong; bi vo; bi loi; loi roi; hang loi; bi be; bi hu; khong hoat dong; "
    "khong len",
    "wrong": "wrong; incorrect; sai; nham; giao nham; thieu; missing",
    "price": "price; cost; how much; gia; bao nhieu; bao nhieu tien; phi; fee",
    "compare": "compare; comparison; difference; different; versus; vs; which one; so sanh; "
    "khac nhau; khac gi; tot hon; nen chon; nen mua; better",
    "product": "product; item; model; feature; spec; san pham; mat hang; mau; tinh nang; thong so",
    "fit": "come with; comes with; include; compatible; work with; safe; suitable; recommend; "
    "advice; phu hop; tu van; di kem; dung duoc",
    "writing": "write; poem; slogan; compose; caption; text; card; viet; bai tho; loi chuc; "
    "cau chuyen; loi bai hat",
    "country": "viet nam",
    "stock": "in stock; available; availability; con hang; het hang; co san; stock",
    "complaint": "complain; complaint; fed up; never again; nobody answers; no one replies; "
    "terrible; awful; worst; unacceptable; disappointed; disappointing; rude; scam; horrible; "
    "ridiculous; khieu nai; phan nan; that vong; te; qua te; thai do; lua dao; buc minh; vo "
    "trach nhiem; kem",
    "pay": "pay; payment; card; charge; invoice; bill; billing; thanh toan; the tin dung; hoa "
    "don; chuyen khoan; tra tien",
    "warranty": "warranty; guarantee; bao hanh",
    "address": "address; dia chi",
    "account": "account; change my password; change password; doi mat khau; password; login; "
    "log in; sign in; tai khoan; mat khau; dang nhap",
    "order": "order; purchase; commande; pedido; don; don hang; don dat; dat hang",
    "discount": "discount; coupon; voucher; promo; promotion; khuyen mai; giam gia; ma giam gia",
    "duration": "how long; how many days; bao lau; may ngay; mat bao lau; working days; "
    "business days; ngay lam viec",
    "setup": "install; set up; setup; instructions; manual; cai dat; huong dan; lap dat",
    "change": "change; modify; update; edit; doi; thay doi; sua; cap nhat",
    "international": "international; abroad; overseas; quoc te; nuoc ngoai",
    "hours": "opening hours; open; close; gio mo cua; gio lam viec; mo cua; dong cua",
    "greeting": "hello; hi; hey; good morning; good afternoon; xin chao; chao; thanks; thank "
    "you; cam on",
}

_BY_PHRASE = {
    tuple(stem(word) for word in fold(phrase).split()): concept
    for concept, phrases in _GROUPS.items()
    for phrase in phrases.split(";")
}
_LONGEST = max(map(len, _BY_PHRASE))


def concepts(stems: list[str]) -> list[str]:
    """The concepts a list of stems names, in order, each phrase read as far as it goes."""
    return list(_concepts(tuple(stems)))


@lru_cache(maxsize=512)
def _concepts(stems: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    at = 0
    while at < len(stems):
        at += _step(stems, at, found)
    return tuple(found)


def _step(stems: tuple[str, ...], at: int, found: dict[str, None]) -> int:
    for size in range(min(_LONGEST, len(stems) - at), 0, -1):
        concept = _BY_PHRASE.get(stems[at : at + size])
        if concept:
            found[concept] = None
            return size
    return 1
