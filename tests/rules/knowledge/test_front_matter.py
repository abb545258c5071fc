"""What a text says of itself: by every tool's kind of front matter, and never more openly."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.front_matter import dump_front_matter, split_front_matter
from bot.knowledge.passages import LeftOut, read_article
from storage.knowledge.values import Article

LAUGHS = "\n".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]"
    for below, name in zip("abcdefgh", "bcdefghi", strict=True)
)
LINES = "Text of it.\n\n" * 30
ENGLISH = "The shop is open on Monday and closed on Sunday for all of our customers. " * 3


def read(raw: str) -> Article:
    return read_article("help/note.md", raw, today=date(2026, 11, 27))


def said(article: Article) -> str:
    return " ".join(each for part in article.passages for each in part.paragraphs)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("---\ntitle: Note\naudience: agents\n---\nText.", id="yaml"),
        pytest.param("---\ntitle: Note\naudience: agents\n...\nText.", id="ends in dots"),
        pytest.param("\ufeff---\ntitle: Note\naudience: agents\n---\nText.", id="byte order mark"),
        pytest.param("---\r\ntitle: Note\r\naudience: agents\r\n---\r\nText.", id="windows"),
        pytest.param("\n \n---\ntitle: Note\naudience: agents\n---\nText.", id="blank lines"),
        pytest.param("<!-- c -->\n---\ntitle: Note\naudience: agents\n---\nText.", id="comment"),
        pytest.param("{/* c */}\n---\ntitle: Note\naudience: agents\n---\nText.", id="mdx comment"),
        pytest.param("---\ntitle: Note\naudience: agents\n# note\n---\nText.", id="inner comment"),
        pytest.param("---\ntitle: Note\ntags:\n- a\naudience: [agents]\n---\nText.", id="lists"),
        pytest.param("---\ntitle: >\n  Note\nAudience: Agents\n---\nText.", id="folded, case"),
        pytest.param('---\n"title": Note\n\'audience\': "agents"\n---\nText.', id="quoted"),
        pytest.param("---\ntitle: Note\nx: &a agents\naudience: *a\n---\nText.", id="alias"),
        pytest.param(
            "---\ntitle: Note\naliases: [\n\t'/a',\n\t]\naudience:\tagents\n---\nText.", id="tabs"
        ),
        pytest.param("---\ntitle: Note\nparams:\n  audience: agents\n---\nText.", id="nested"),
        pytest.param('+++\ntitle = "Note"\naudience = "agents"\n+++\nText.', id="toml"),
        pytest.param('---toml\ntitle = "Note"\naudience = "agents"\n---\nText.', id="toml by name"),
        pytest.param('{\n"title": "Note",\n"audience": "agents"\n}\n\nText.', id="json"),
        pytest.param(';;;\n{"title": "Note", "audience": "agents"}\n;;;\nText.', id="json, fenced"),
        pytest.param("Title: Note\nAudience: agents\n\nText.", id="multimarkdown"),
    ],
)
def test_every_kind_of_front_matter_is_read(raw: str) -> None:
    """Title and audience are known, nothing was in doubt, and the text is the text alone."""
    article = read(raw)

    assert (article.title, article.audience, article.doubts) == ("Note", "agents", ())
    assert said(article) == "Text."


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("---\naudience: internal\n---\nText.", id="unknown"),
        pytest.param("---\naudience:\n---\nText.", id="empty"),
        pytest.param("---\naudience: no\n---\nText.", id="no"),
        pytest.param("---\naudience: [public, agents]\n---\nText.", id="both"),
        pytest.param("---\naudience: agents\naudience: public\n---\nText.", id="twice"),
        pytest.param("---\naudience: public\nAudience: agents\n---\nText.", id="twice by case"),
        pytest.param("---\naudience: {kind: public}\n---\nText.", id="a map"),
        pytest.param("---\naudiance: agents\n---\nText.", id="a typing mistake"),
        pytest.param("---\n\u0430udience: agents\n---\nText.", id="a Cyrillic letter"),
        pytest.param("---\naudi\u200bence: agents\n---\nText.", id="an unseen letter"),
        pytest.param("---\naudience: !x public\n---\nText.", id="a tag"),
        pytest.param('---\na: !!python/object/apply:os.system ["x"]\n---\nText.', id="python"),
        pytest.param(f"---\na: &a [x, x]\n{LAUGHS}\n---\nText.", id="aliases of aliases"),
        pytest.param(f"---\na: {'[' * 4000}\n---\nText.", id="nested too deep"),
        pytest.param(f"---\na:\n {'- ' * 30_000}\n---\nText.\n", id="lists in lists"),
        pytest.param(f"---\na:\n {'? ' * 30_000}\n---\nText.\n", id="keys that are keys of keys"),
        pytest.param(f"---\na: {'x' * 70_000}\n---\nText.", id="too long"),
        pytest.param("---\ntitle: T\n\taudience: agents\n---\nText.", id="a tab"),
        pytest.param("---\ntitle: T\naudience: agents\n\nText.\n", id="no end"),
        pytest.param("---\ntitle: T\naudience: agents\n\nText.\n\n---\n\nMore.", id="a rule"),
        pytest.param("---js\n{audience: 'agents'}\n---\nText.", id="a program"),
        pytest.param("+++\ntitle = T\n+++\nText.", id="no toml"),
        pytest.param('{\n"audience": "agents",\n}\n\nText.', id="no json"),
        pytest.param("---\nexpires: soon\n---\nText.", id="an end that is no day"),
        pytest.param("---\ntitle: T\n---\n---\naudience: agents\n---\nText.", id="a second block"),
        pytest.param("<!--\naudience: agents\n-->\nText.", id="in a comment"),
        pytest.param("```yaml\n---\naudience: agents\n---\n```\nText.", id="in a fence"),
        pytest.param("----\naudience: agents\n----\nText.", id="four dashes"),
        pytest.param("---\naudience\uff1a agents\n---\nText.", id="a wide colon"),
        pytest.param(":audience: agents\n\nText.", id="a field list"),
        pytest.param("#+AUDIENCE: agents\n\nText.", id="org mode"),
        pytest.param("export const meta = { audience: 'agents' }\n\nText.", id="mdx"),
        pytest.param('<meta name="audience" content="agents">\n\nText.', id="a meta element"),
    ],
)  # fmt: skip
def test_what_is_not_plainly_readable_is_for_agents_only_and_said(raw: str) -> None:
    """One doubt, with the key or what is wrong; the text itself is not lost."""
    article = read(raw)

    assert article.audience == "agents"
    assert len(article.doubts) == 1
    assert "Text." in said(article)


@pytest.mark.parametrize(
    "raw",
    [
        "---\ntarget_audience: agents\n---\nText.",
        "---\naudience.type: public\n---\nText.",
        "---\nvisibility: internal\n---\nText.",
        "---\nAccess-Level: Staff\n---\nText.",
        "---\ninternal: true\n---\nText.",
        "---\nparams:\n  confidential: yes\n---\nText.",
        "---\nis_public: false\n---\nText.",
        "---\ntags: [tea, Internal]\n---\nText.",
        "---\ncategories: tea, agents-only\n---\nText.",
        "---\naudience: public\ninternal: true\n---\nText.",
        "+++\npublic = false\n+++\nText.",
        "# Tea\n\nVisibility: Internal\n\nText.",
        "| Audience | agents |\n|---|---|\n\nText.",
        "---\nfor: staff\n---\nText.",
        "---\nview_permissions: Agents and admins\n---\nText.",
        "---\nheadless: true\n---\nText.",
        "---\nif: visitor.claims.isEmployee\n---\nText.",
        "---\nshare: false\n---\nText.",
        "---\ntags: [tea, 'internal/policy']\n---\nText.",
        "---\nhide: customers\n---\nText.",
        "---\nexcluded_audience: customers\n---\nText.",
        "---\naudience: [customers, partners]\n---\nText.",
        "# Tea\n\nStatus: Internal\nOwner: An\n\nText.",
        "# Tea\n\nOwner: An\nVisibility: Team only\n\nText.",
        "# Tea\n\nPublic: No\n\nText.",
        "---\nrole: admin\n---\nText.",
        "---\nroles: [customer, agent]\n---\nText.",
        "---\ngroups: [finance]\n---\nText.",
        "---\npermissions: {read: [agents]}\n---\nText.",
        "---\nsearchable: false\n---\nText.",
        "---\nsearch: {exclude: true}\n---\nText.",
        "---\nrobots: noindex, nofollow\n---\nText.",
        "---\nzielgruppe: intern\n---\nText.",
        "---\nZielgruppe: Vertrieb\n---\nText.",
        "---\nđối tượng: nội bộ\n---\nText.",
        "---\nvisibilité: interne\n---\nText.",
        "---\npúblico: no\n---\nText.",
        "---\n公開範囲: 社内限定\n---\nText.",
        "---\nvertraulich: ja\n---\nText.",
        "---\ntags: [Trà, nội bộ]\n---\nText.",
        "---\nnobody-knows: Internal use only\n---\nText.",
        "---\nsecurity: {level: private}\n---\nText.",
        "---\npassword: tea\n---\nText.",
        "Zielgruppe: intern\n\nText.",
        "> **Internal use only**\n\nText.",
        "<!-- roles: staff -->\n\nText.",
        "<!-- internal -->\n\nText.",
        "---\nfor_agents_only: true\n---\nText.",
        "---\nagents: only\n---\nText.",
        "---\nuser_segment_id: 360001234\n---\nText.",
        "---\nvisible: false\n---\nText.",
        "---\nsitemap: {disable: true}\n---\nText.",
        "---\ncollection: internal docs\n---\nText.",
        "---\ntlp: amber\n---\nText.",
        "---\nlưu hành nội bộ: có\n---\nText.",
        "---\n대상: 상담원\n---\nText.",
        "---\n공개: 아니오\n---\nText.",
        "---\nhedef kitle: çalışanlar\n---\nText.",
        "---\nwidoczność: wewnętrzna\n---\nText.",
        "---\nالجمهور: الموظفين\n---\nText.",
        "---\nkind: ภายใน\n---\nText.",
        "---\ntitle: '[INTERNAL] Tea'\n---\nText.",
        "# Tea (staff only)\n\nText.",
        "# Internal: Tea\n\nText.",
        "# Tea\n\nCONFIDENTIAL\n\nText.",
        "# Tea\n\nTài liệu nội bộ\n\nText.",
        "# Tea\n\n社外秘\n\nText.",
        "# Tea\n\nThis article is for internal use only. Text.",
        "# Tea\n\n> **Note:** internal use only - ask An.\n\nText.",
        "# Tea\n\nPlease do not share with customers!\n\nText.",
        "# Tea\n\nChỉ dùng nội bộ, không gửi khách.\n\nText.",
        "# Tea\n\n#tea #internal\n\nText.",
        "# Tea\npublic:: false\n\nText.",
        "_Intended audience: support agents_\n\nText.",
    ],
)
def test_what_other_tools_write_to_keep_customers_out_is_heeded(raw: str) -> None:
    article = read(raw)

    assert (article.audience, len(article.doubts)) == ("agents", 1)


@pytest.mark.parametrize(
    "part",
    [
        '!!! internal "For us"\n    The code is 4711.',
        "??? agents-only\n    The code is 4711.",
        ":::internal\nThe code is 4711.\n:::",
        ":::{staff}\nThe code is 4711.\n:::",
        "<Internal>\nThe code is 4711.\n</Internal>",
        "{% internal %}\nThe code is 4711.\n{% endinternal %}",
        "> [!INTERNAL]\n> The code is 4711.",
        "<!-- audience: agents -->\nThe code is 4711.\n<!-- /audience -->",
        "<!--\nBEGIN internal\n-->\nThe code is 4711.\n<!-- END internal -->",
        "[//]: # (internal)\nThe code is 4711.",
        "## Internal notes\n\nThe code is 4711.",
        "Notes for staff only\n---\n\nThe code is 4711.",
        "**Internal note:** the code is 4711.",
        "Ghi chú nội bộ: mã là 4711.",
        '!!! warning "Internal only"\n    The code is 4711.',
        "> [!WARNING] Internal only\n> The code is 4711.",
        "::: {.agents-only}\nThe code is 4711.\n:::",
        '<div class="box internal">\nThe code is 4711.\n</div>',
        '<Audience for="agents">\nThe code is 4711.\n</Audience>',
        "<StaffOnly>\nThe code is 4711.\n</StaffOnly>",
        "<details><summary>Internal</summary>\nThe code is 4711.\n</details>",
        "{% if user.staff %}\nThe code is 4711.\n{% endif %}",
        '{% hint style="internal" %}\nThe code is 4711.\n{% endhint %}',
        "The code is 4711.\n{: .internal}",
    ],
)
@pytest.mark.parametrize("front", ["", "---\naudience: public\n---\n"])
def test_a_part_for_colleagues_keeps_the_whole_article_from_customers(
    front: str, part: str
) -> None:
    article = read(f"{front}# Tea\n\n{LINES}{part}\n")

    assert (article.audience, len(article.doubts)) == ("agents", 1)


@pytest.mark.parametrize(
    "part",
    [
        "!!! note\n    Internal storage is 4 GB.",
        "```\n!!! internal\n    An example.\n```",
        "<internal-link to='tea'>More</internal-link>",
        "Internal parts are cleaned by us.",
        "<!-- audience: public -->\nFor all.",
        "## Internal storage\n\nIt has 4 GB.",
        "## Private notes\n\nNobody else sees yours.",
        "**Staff:** may we help?",
        '<div class="internal-link">More</div>',
        '<button role="button" class="private-room">Book</button>',
        "{% if page.toc %}\nMore.\n{% endif %}",
        "```\n## Internal notes\n```",
    ],
)
def test_a_part_that_only_sounds_like_it_hides_nothing(part: str) -> None:
    assert read(f"# Tea\n\n{LINES}{part}\n").audience == "public"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<!--" + "-" * 20_000, id="a comment of dashes that never ends"),
        pytest.param(("<!--" + "-" * 300 + "\n") * 300, id="many of them"),
        pytest.param("<!--a-->" * 30_000, id="comments in one line"),
        pytest.param((" " * 2_000 + "\n") * 200, id="lines of spaces"),
        pytest.param("".join("  " * depth + "- a\n" for depth in range(600)), id="a deep list"),
        pytest.param("{.a" * 100_000, id="classes that never end"),
    ],
)
def test_a_text_is_looked_through_in_a_time_that_grows_with_its_length(body: str) -> None:
    """Each of these took minutes of the desk's own process."""
    began = process_time()

    read(f"# Tea\n\n{body}\n\nText.")

    assert process_time() - began < 5


@pytest.mark.parametrize(
    "raw",
    [
        "---\nvisibility: public\ninternal: false\npublic: true\n---\nText.",
        "---\naudience: customers\n---\nText.",
        "---\ntarget_audience: [Customers, everyone]\n---\nText.",
        "---\naudience: Kunden\nowner: support-team\n---\nText.",
        "---\nhide:\n  - navigation\n  - toc\n---\nText.",
        "---\ntags: [tea, 'errors/internal-500']\n---\nText.",
        "# Tea\n\nStatus: Published\nOwner: An\nPublic: Yes\n\nText.",
        "# Gym\n\nAccess: by membership card\nStatus: pending\n\nText.",
        "---\ntags: [tea, internal storage]\n---\nText.",
        "# Tea\n\nVisibility: choose who sees your profile.\n\nText.",
        "---\nsidebar:\n  visibility: 2\n---\nText.",
        "---\nfor: customers\nroles: [customer, guest]\nzielgruppe: Kunden\n---\nText.",
        "---\nđối tượng: khách hàng\ndestinataires: clients\n---\nText.",
        "---\nroles: []\nrobots: index, follow\nsearch: true\nvertraulich: nein\n---\nText.",
        "---\ntitle: Internal\nslug: internal\ndescription: Private\n---\nText.",
        "---\ntags: [internal-link, roles]\nkeywords: secret, staff\n---\nText.",
        "---\nauthors: [{name: An, role: Staff Engineer}]\nauthor: Support Team\n---\nText.",
        "---\nmenu: {main: {parent: internal}}\ngroup: First steps\n---\nText.",
        "---\npermissions: Owners of an organisation can manage its billing.\n---\nText.",
        "---\nlayout: page\nweight: 3\nsidebar_position: 2\ncategory: Tea\ntoc: false\n---\nText.",
        "Only you can use it: internal storage.\n\nText.",
        "---\nshare: true\nagents: 5\ncolor: red\nvisible: true\nsitemap: {x: 1}\n---\nText.",
        "# Internal\n\nText.",
        "# Tea (250 g)\n\nPrivate\n\nText.",
        "# Tea\n\nWe never share your address, for internal use only our driver has it.\n\nText.",
        "# Tea\n\n#tea #internal-memory\n\nText.",
    ],
)
def test_the_same_words_about_other_things_hide_nothing(raw: str) -> None:
    assert read(raw).audience == "public"


def test_another_doubt_does_not_cover_an_audience_in_the_text() -> None:
    article = read("---\nreviewed-on: soon\n---\nAudience: agents\n\nText.")

    assert article.audience == "agents"
    assert len(article.doubts) == 2


@pytest.mark.parametrize("key", ["publish", "is_published", "published"])
def test_what_is_not_published_is_left_out(key: str) -> None:
    with pytest.raises(LeftOut, match="draft"):
        read(f"---\n{key}: false\n---\nText.")


@pytest.mark.parametrize(
    ("raw", "title", "text"),
    [
        ('---\ntitle: Zebra: the "best"\nurl: https://x.example/a#b\n---\nTen.',
         'Zebra: the "best"', "Ten."),
        ("---\ntitle: [Beta] Tea\n---\nTen.", "[Beta] Tea", "Ten."),
        ("---\ntitle: {{ page.title }}\n---\nTen.", "{{ page.title }}", "Ten."),
        ("---\ntitle: T\naudience: public # for all\n---\nTen.", "T", "Ten."),
        ("---\naudience: PUBLIC\n---\nTen.", "note", "Ten."),
        ("---\n---\nTen.", "note", "Ten."),
        ("---\n\nSome prose: ten.\n\n---\n", "note", "--- Some prose: ten. ---"),
        ("---\n# Tea\n---\nTen.", "Tea", "--- --- Ten."),
        ("---\n**Tea**\n---\nTen.", "note", "--- **Tea** --- Ten."),
        ("Note: we close early.\n\nTen.", "note", "Note: we close early. Ten."),
        ("{{< tea >}}\n\nTen.", "note", "Ten."),
    ],
)  # fmt: skip
def test_what_is_plain_stays_public(raw: str, title: str, text: str) -> None:
    """Common mistakes that leave no doubt, and text that only looks like front matter."""
    article = read(raw)

    assert (article.title, article.audience, article.doubts) == (title, "public", ())
    assert " ".join(said(article).split()) == text


def test_dates_are_read_as_each_tool_writes_them() -> None:
    """Reviewed, brought up to date, and the first day without it."""
    article = read(
        "---\nreviewed-on: 2026-10-01\nlast_update:\n  date: 2026-09-30 10:00:00 +0700\n"
        "expiryDate: 2027-01-01T00:00:00Z\n---\nText."
    )

    assert article.reviewed_on == date(2026, 10, 1)
    assert article.updated_on == date(2026, 9, 30)
    assert article.expires_on == date(2027, 1, 1)


def test_a_review_that_is_no_day_is_said_and_hides_nothing() -> None:
    """A mistake in a date costs nobody an article."""
    article = read("---\nreviewed-on: last week\n---\nText.")

    assert (article.reviewed_on, article.audience) == (None, "public")
    assert article.doubts == ("reviewed-on: expected a date like 2026-10-01, found 'last week'",)


@pytest.mark.parametrize(
    ("language", "text", "settled", "doubts"),
    [
        ("vi", ENGLISH, "en", 1),
        ("en-GB", ENGLISH, "en", 0),
        ("python", ENGLISH, "en", 0),
        ("vi", "OK.", "vi", 0),
        ("no", "Ja.", "no", 0),
    ],
)
def test_a_language_is_checked_against_the_text(
    language: str, text: str, settled: str, doubts: int
) -> None:
    """A text that is plainly in another language is in that one; a few words decide nothing."""
    article = read(f"---\nlanguage: {language}\n---\n{text}")

    assert (article.language, len(article.doubts)) == (settled, doubts)


def test_an_article_filed_by_an_earlier_version_is_no_draft() -> None:
    """Its number stood under a key that says draft to everybody else."""
    kept = read("---\ntitle: T\nticket: T-1001\ndraft: 7\n---\nText.")
    with pytest.raises(LeftOut, match="draft"):
        read("---\ntitle: T\ndraft: 7\n---\nText.")

    assert said(kept) == "Text."


@given(
    st.dictionaries(
        st.sampled_from(["title", "language", "ticket"]),
        st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))
        | st.sampled_from(["en\naudience: public", "---", "...", "a: b", "!x", "&a", "no", "1"]),
    )
)
def test_whatever_is_written_as_front_matter_is_read_back_and_says_nothing_more(
    values: dict[str, str],
) -> None:
    """No value becomes a key, ends the block, or turns into something else."""
    front = split_front_matter(dump_front_matter({"audience": "agents", **values}))

    assert front.fault == ""
    assert front.said == {"audience": "agents", **values}
    assert front.body == ""
