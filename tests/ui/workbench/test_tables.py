"""Small tables: text from the data stays text."""

import pytest

from ui.workbench.tables import Column, Markup, html, tag, ticked

COLUMNS = [Column("school"), Column("n", "num")]


def test_what_the_data_say_is_never_markup():
    table = html([Column("<b>"), Column("a & b")], [["<script>", "1 < 2"]], "<i>")
    for text in ("&lt;b&gt;", "a &amp; b", "&lt;script&gt;", "1 &lt; 2", "&lt;i&gt;"):
        assert text in table
    assert tag("p", "<", title='"') == '<p title="&quot;">&lt;</p>'
    assert ticked("of `<a>` & all") == "of <code>&lt;a&gt;</code> &amp; all"


def test_what_is_markup_is_not_escaped_again():
    assert "<td><code>&lt;</code></td>" in html([Column(), Column()], [["m1", tag("code", "<")]])
    assert Markup("<p>") in tag("div", Markup("<p>"))


def test_a_table_without_heads_has_no_line_for_them():
    assert "<thead>" in html(COLUMNS, [])
    assert "<thead>" not in html([Column(), Column()], [["m1", "y ~ x"]])


def test_a_row_has_a_head_and_a_cell_of_its_kind_for_each_further_column():
    assert '<tr><th>53</th><td class="num">70</td></tr>' in html(COLUMNS, [["53", "70"]])
    with pytest.raises(ValueError):
        html(COLUMNS, [["53", "70", "and more"]])


def test_the_only_cell_of_a_row_spans_all_columns():
    assert '<tr><th class="muted" colspan="2">…</th></tr>' in html(COLUMNS, [["…"]])
