"""Markdown of many tools: what a reader of the built page sees, and nothing of its markup."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.knowledge.markup.plain_markdown import plain_markdown

WORD = re.compile(r"\w+")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def shown(text: str, *, mdx: bool = False) -> str:
    return squeezed(plain_markdown(text, mdx=mdx).text)


@pytest.mark.parametrize(
    ("text", "said", "left_out"),
    [
        # Hugo
        ("{{< note >}}Tea is hot.{{< /note >}}", "Tea is hot.", {"shortcode": 2}),
        ('{{% alert title="Hot" %}}\nTea.\n{{% /alert %}}', "Hot Tea.", {"shortcode": 2}),
        ('See [tea]({{< ref "tea" >}}) now.', "See tea now.", {"variable": 1}),
        ('A {{< glossary_tooltip text="pod" term_id="pod" >}}.', "A pod.", {"shortcode": 1}),
        ('{{< tab name="Linux" >}}\nRun it.\n{{< /tab >}}', "Linux Run it.", {"shortcode": 2}),
        ("{{< highlight go >}}\n{{ x }}\n{{< /highlight >}}", "``` {{ x }} ```", {}),
        ('{{< readfile "a.md" >}}\nTea.', "Tea.", {"include": 1}),
        ("{{< open", "{{< open", {}),
        # Liquid, Jinja, mdBook
        ('{% include note.html content="Tea is hot." %}', "Tea is hot.", {"include": 1}),
        ('{% hint style="info" %}\nTea.\n{% endhint %}', "Tea.", {"shortcode": 2}),
        ("{% comment %}no{% endcomment %}Tea.", "Tea.", {"comment": 1}),
        ("{% raw %}{{ tea }}{% endraw %}", "{{ tea }}", {}),
        ("Get {{ site.version }} here.", "Get here.", {"variable": 1}),
        ("[Tea]({{ '/tea/' | relative_url }})", "[Tea](/tea/)", {}),
        ("<a href=\"{{ '/tea/' | url }}\">Tea</a>", "[Tea](/tea/)", {}),
        ("{{#include tea.md}}\nTea.", "Tea.", {"include": 1}),
        # JSX and MDX's lines
        ("import Tabs from '@theme/Tabs';\n\nTea.", "Tea.", {"import": 1}),
        ('<TabItem label="npm">\n\nRun it.\n\n</TabItem>', "npm Run it.", {"component": 1}),
        ("<Card title='Tea' icon={<X a=\">\" />}>Hot.</Card>", "Tea Hot.", {"component": 1}),
        ("Put <username> there, or List<String>.", "Put <username> there, or List<String>.", {}),
        ("a < b and c > d", "a < b and c > d", {}),
        # admonitions, alerts, tabs
        (":::note[Mind]\nTea.\n:::", "**Mind** Tea.", {}),
        ("::: warning\nTea.\n:::", "Tea.", {}),
        ('!!! note "Mind"\n    Tea is\n    hot.\n\nMilk.', "**Mind** Tea is hot. Milk.", {}),
        ('=== "C"\n\n    ```c\n    int x;\n    ```\n', "**C** ```c int x; ```", {}),
        ("> [!WARNING]\n> Tea.", "> > Tea.", {}),
        ("/// note | Mind\nTea.\n///", "**Mind** Tea.", {}),
        # includes, contents, navigation, anchors
        ('--8<-- "tea.md"\nTea.', "Tea.", {"include": 1}),
        ("{!tea.md!}\nTea.", "Tea.", {"include": 1}),
        ("[[_TOC_]]\n\nTea.", "Tea.", {"table of contents": 1}),
        ("* TOC\n{:toc}\n\nTea.", "Tea.", {"table of contents": 2}),
        ("# On this page\n- [A](#a)\n- [B](#b)\n- [C](#c)\n\n# A\nTea.", "# A Tea.",
         {"navigation": 1}),
        ("[Skip to content](#main)\n\nTea.", "Tea.", {"navigation": 1}),
        ("Tea.\n{: .note }", "Tea.", {}),
        # HTML
        ("<!-- no\nno -->Tea.", "Tea.", {"comment": 1}),
        ("<!-- never closed\nTea.", "<!-- never closed Tea.", {}),
        ("<h2 align=center>Hot <em>tea</em></h2>", "## Hot tea", {}),
        ("<details><summary>Why?</summary>\nTea.\n</details>", "Why? Tea.", {}),
        ("<nav><a href='/'>Home</a></nav>Tea.", "Tea.", {"navigation": 1}),
        ("<script>tea()</script>Tea.", "Tea.", {"script": 1}),
        ("<table><tr><td>Tea</td><td><p>hot</p></td></tr></table>", "| Tea | hot", {}),
        ("![](tea.png)Tea ![hot](x.png).", "Tea hot.", {"picture": 2}),
        ("Tea&nbsp;&amp; milk&#39;s", "Tea & milk's", {}),
        # links by name
        ("See [tea][1] and [Milk][].\n\n[1]: https://a.example/t\n[milk]: /m",
         "See [tea](https://a.example/t) and [Milk](/m).", {}),
        # code stays as it is
        ("```\n{{ x }} <b> :::\n```", "``` {{ x }} <b> ::: ```", {}),
        ("Use `{{ x }}` and `<b>`.", "Use `{{ x }}` and `<b>`.", {}),
    ],
)  # fmt: skip
def test_what_the_page_shows_is_kept_and_counted(
    text: str, said: str, left_out: Mapping[str, int]
) -> None:
    """Words of shortcodes, components and admonitions stay; their markup is counted by kind."""
    plain = plain_markdown(text)

    assert (squeezed(plain.text), dict(plain.left_out)) == (said, left_out)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export const meta = {\n  title: 'x',\n};\n\nTea {/* no */} is {props.heat}.", "Tea is ."),
        ("Tea{' '}is {`hot`}.", "Tea is hot."),
        ("<Steps>\n1. Boil {`{`}\n</Steps>", "1. Boil {"),
        ("# Tea {/* #tea */}", "# Tea"),
    ],
)
def test_braces_are_expressions_in_mdx(text: str, said: str) -> None:
    """In Markdown they are text."""
    assert shown(text, mdx=True) == said


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["tea ", "milk\n", "<", "<b", ">", "{{", "}}", "{%", "%}", "{{<", ">}}", "`", "```\n",
             "<!--", "-->", ":::", '!!! note "x"\n', "    ", "![", "](", "{/*", "*/}", "</b>",
             "\n\n", "<Card title='", "'", "[a]: x\n", "import ", "export default {", "}"]
        ),
        max_size=40,
    ),
    st.booleans(),
)  # fmt: skip
@example(pieces=["<b", "{%", "%}", "tea "], mdx=False)
def test_any_mixture_of_marks_is_read(pieces: list[str], mdx: bool) -> None:
    """No exception, and no word that was not there."""
    text = "".join(pieces)
    plain = plain_markdown(text, mdx=mdx)

    # What stands on either side of a template's tag is one word where the page is shown.
    written = "".join(WORD.findall(text))
    assert all(word in written for word in WORD.findall(plain.text))


@pytest.mark.parametrize(
    "mark",
    ['<a x="', "<a {", "{{", "{{<", "{%", "{", "<!--", "<h1>", "<pre>", "`", "``a", "![a](",
     "<A b='c'>", "!!! n\n", ":::\n", "[a][", "[x]: y\n", "{/*", "import {", "> [!N", "- [a](#",
     "{% raw %}", "{{< highlight >}}"],
)  # fmt: skip
def test_marks_without_end_take_time_in_proportion(mark: str) -> None:
    """A text of nothing but beginnings is gone over a bounded number of times."""
    plain = plain_markdown(mark * 20_000, mdx=True)

    assert len(plain.text) <= len(mark) * 20_000 + 20_000 * 20
