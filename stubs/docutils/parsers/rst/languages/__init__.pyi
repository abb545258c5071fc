from typing import Any

en: Any
