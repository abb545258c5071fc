"""The markup that Markdown carries for its tools, taken out, and the text in it kept.

Hugo's shortcodes, Liquid's tags, JSX, HTML, admonitions, tabs, includes, navigation: each tool has
its own, and a reader of the built page sees none of it. Every step takes time in proportion to the
text.
"""
