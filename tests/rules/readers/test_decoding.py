"""Bytes become text by what they show: their mark, what they declare, what they look like."""

import pytest

from bot.readers.child import read_document
from bot.readers.document import CannotRead
from bot.readers.reader_limits import ReaderLimits

VIETNAMESE = "Đơn hàng của tôi chưa được giao, xin kiểm tra giúp."
FRENCH = "Le délai de livraison est de deux à trois jours ouvrés à Genève, où l'été dure."
RUSSIAN = "Заказ ещё не доставлен, пожалуйста, проверьте адрес доставки и номер телефона."
JAPANESE = "注文した商品がまだ届いていません。配送状況を確認していただけますか。"
ARABIC = "لم يصل طلبي بعد، يرجى التحقق من حالة الشحن ورقم الطلب."


def text(data: bytes, kind: str = "text") -> str:
    """What a reader makes of bytes."""
    return read_document(kind, data, ReaderLimits()).text


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        *((VIETNAMESE, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32")),
        *((FRENCH, name) for name in ("cp1252", "utf-16-le", "utf-16-be")),
        *((RUSSIAN, name) for name in ("cp1251", "utf-16-le", "utf-16-be", "utf-32-le")),
        *((JAPANESE, name) for name in ("utf-16-le", "utf-16-be", "utf-32-be")),
        *((ARABIC, name) for name in ("utf-16-le", "utf-16-be", "utf-32-le")),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (ARABIC, "cp1256"),
        ("", "utf-8"),
    ],
)
def test_text_is_read_in_the_encoding_that_it_shows(said: str, encoding: str) -> None:
    """With or without a mark; a text of none at all is empty."""
    data = (said * 4).encode(encoding)
    if said:
        assert text(data) == said * 4
    else:
        with pytest.raises(CannotRead, match="empty"):
            text(data)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1252">', "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', "cp1252"),
        ('<meta charset="shift_jis">', "cp1252"),
        ('<meta charset="no-such-thing">', "utf-8"),
        ('<meta charset="utf-16">', "utf-8"),
        ("", "utf-16"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_declares(head: str, encoding: str) -> None:
    """Unless its bytes say that this is not so."""
    page = f"<html><head>{head}<title>Café</title></head><body><p>Délai</p></body></html>"
    assert "Délai" in text(page.encode(encoding), "page")


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"\0" * 500, b"\x7fELF\x02\x01" + bytes(90)]
)
def test_what_is_no_text_is_damaged(data: bytes) -> None:
    """Whatever its name says."""
    with pytest.raises(CannotRead, match="damaged"):
        text(data)
