"""How long a model's output may be, in tokens."""

ANSWER_MAX_TOKENS = 2_000

TRIAGE_MAX_TOKENS = 600
