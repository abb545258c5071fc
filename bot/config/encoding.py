"""What is wrong with a file that is no text in UTF-8, and with one that cannot be read."""

MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def utf8_text(data: bytes) -> str:
    """Text in UTF-8, without the mark that some editors begin a file with; lines end in one way.

    Raises:
        UnicodeDecodeError: it is none.
    """
    if (place := data.find(b"\0")) >= 0:
        raise UnicodeDecodeError("utf-8", data, place, place + 1, "no sign of a text")
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def encoding_mistake(error: UnicodeDecodeError) -> str:
    """What goes behind the file's name: the line, and what to do."""
    data = error.object
    for mark, name in MARKS.items():
        if data.startswith(mark):
            return f": is {name}: save it as UTF-8 text"
    if data.count(b"\0") > len(data) // 4:
        return ": is UTF-16: save it as UTF-8 text"
    line = data.count(b"\n", 0, error.start) + 1
    return f":{line}: is no UTF-8: save it as UTF-8 text"


def reason_of(error: OSError | ValueError) -> str:
    """Why a file could not be read, without its name, which stands before it."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
