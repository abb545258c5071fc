"""Words by which a system says that it knows nothing of the kind, or that it is somebody else's.

Both read alike afterwards: nobody learns from them that another customer's order exists.
"""

import re
import unicodedata

_SAID = re.compile(
    r"not[_ ]?found|unknown|no such|no (matching )?(order|record|result|data)s?\b"
    r"|(does|do|did)(n[o\u2019']?t| not) (exist|belong)|not (yours|exist)|forbidden|denied"
    r"|(no|without|lacks?) permission|not (allowed|permitted|authori[sz]ed) to"
    r"|(another|other|different) (customer|user|account)"
    r"|khong (tim thay|ton tai|thuoc|co (quyen|don|du lieu|ket qua))|chua co don"
)


def knows_nothing(said: str) -> bool:
    """Whether that is what a system says, in English or Vietnamese."""
    lowered = unicodedata.normalize("NFD", said.lower().replace("đ", "d"))
    return bool(_SAID.search("".join(each for each in lowered if not unicodedata.combining(each))))
