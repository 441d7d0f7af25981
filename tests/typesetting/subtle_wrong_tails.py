# ruff: noqa: E501 - a spoilt style sheet is one line
"""Wrong prints of the end of a paper, its tables, page numbers and signs: what `subtle_wrong_prints` is to the rest."""

from tests.typesetting.wrong_prints import Wrong, sub, swap

SUBTLE_TAILS: dict[str, Wrong] = {
    "no issuer over the date": Wrong("handover", ".issuer { visibility: hidden }"),
    "no date": Wrong("handover", ".date { visibility: hidden }"),
    "date in Chinese figures": Wrong(
        "handover", "", swap(">2026年10月30日</div>", ">二〇二六年十月三十日</div>")
    ),
    "date with points": Wrong("handover", "", swap(">2026年10月30日</div>", ">2026.10.30</div>")),
    "a blank line between issuer and date": Wrong("handover", ".date { margin-top: 10.4mm }"),
    "date two characters from the right": Wrong("handover", ".date { padding-right: 2em !important }"),
    "date 4 mm to the left": Wrong("handover", ".date { padding-right: 4.7em !important }"),
    "issuer in 黑体": Wrong("handover", ".issuer { font-family: var(--font-hei) }"),
    "issuer in 4号": Wrong("handover", ".issuer { font-size: 14pt; width: 17em !important }"),
    "date in 宋体": Wrong("handover", ".date { font-family: var(--font-song) }"),
    "signature red": Wrong("handover", ".signature { color: #e60012 }"),
    "date before issuer": Wrong(
        "handover", "", sub(r"(<div class=\"issuer\".*?</div>)\s*(<div class=\"date\".*?</div>)", r"\2\1")
    ),
    "signature right below the text": Wrong("handover", ".seal-zone { height: 0 }"),
    "signature seven lines below the text": Wrong("bulletin", ".unsealed { margin-top: 73mm }"),
    "unsealed: no blank line": Wrong("bulletin", ".unsealed { margin-top: 0 }"),
    "unsealed: at the right edge": Wrong("bulletin", ".unsealed { margin-right: 0 }"),
    "unsealed: date not shifted": Wrong("bulletin", ".unsealed .date { padding-left: 0 }"),
    "a drawn seal": Wrong(
        "handover",
        "",
        swap(
            '<div class="issuer"',
            '<svg style="position:absolute;right:30mm;margin-top:-10mm" width="42mm" height="42mm" viewBox="0 0 42 42"><circle cx="21" cy="21" r="20" fill="none" stroke="#e60012"/></svg><div class="issuer"',
        ),
    ),
    "note in 4号": Wrong("handover", ".contact { font-size: 14pt }"),
    "note at the edge": Wrong("handover", ".contact { padding-left: 0 }"),
    "note without brackets": Wrong("handover", "", sub("（(联系人.*?)）", r"\1")),
    "names of annexes with a full stop": Wrong(
        "handover", "", swap("发现问题清单</div>", "发现问题清单。</div>")
    ),
    "names of annexes in 《》": Wrong(
        "handover", "", swap("驻点监督检查发现问题清单</div>", "《驻点监督检查发现问题清单》</div>")
    ),
    "names of annexes in 黑体": Wrong("handover", ".annex-names { font-family: var(--font-hei) }"),
    "names of annexes in 4号": Wrong("handover", ".annex-names { font-size: 14pt }"),
    "names of annexes with a half colon": Wrong("handover", "", swap("附件：</span>", "附件:</span>")),
    "names of annexes two lines below": Wrong("handover", ".annex-names { margin-top: 21mm !important }"),
    "an annex named otherwise on its page": Wrong(
        "handover", "", swap('annex-title">驻点监督检查发现问题清单', 'annex-title">驻点监督问题汇总表')
    ),
    "annex named and not there": Wrong("handover", "", sub(r"<section.*</section>", "")),
    "two annexes named, one there": Wrong(
        "handover",
        "",
        swap("驻点监督检查发现问题清单</div>", "1.驻点监督检查发现问题清单</div><div>2.整改台账</div>"),
    ),
    "annex without its label": Wrong("handover", ".annex-label { visibility: hidden }"),
    "附件 at the right": Wrong("handover", ".annex-label { text-align: right }"),
    "附件 in 4号": Wrong("handover", ".annex-label { font-size: 14pt }"),
    "annex title in 仿宋": Wrong(
        "handover", ".annex-title { font-family: var(--font-fang); font-weight: normal }"
    ),
    "annex title in 3号": Wrong("handover", ".annex-title { font-size: 16pt }"),
    "copies in 楷体": Wrong("handover", ".copies { font-family: var(--font-kai) }"),
    "copies at the edge": Wrong("handover", ".copies { margin: 0 }"),
    "copies without a full stop": Wrong("handover", "", swap("县财政局。</div>", "县财政局</div>")),
    "copies with a half colon": Wrong("handover", "", swap("抄送：", "抄送:")),
    "copies in the middle of the page": Wrong(
        "handover", "@page sideways { @footnote { padding-bottom: 30mm } }"
    ),
    "general: no imprint": Wrong("bulletin", ".imprint { visibility: hidden; border-color: #fff }"),
    "general: imprint without rules": Wrong("bulletin", ".imprint, .imprint .copies { border: none }"),
    "general: imprint without its last rule": Wrong("bulletin", ".imprint { border-bottom: none }"),
    "general: imprint without its first rule": Wrong("bulletin", ".imprint { border-top: none }"),
    "general: imprint rules red": Wrong("bulletin", ".imprint { border-color: #e60012 }"),
    "general: imprint rules 1 mm thick": Wrong("bulletin", ".imprint { border-width: 1mm 0 }"),
    "general: imprint narrow": Wrong("bulletin", ".imprint { margin: 0 10mm }"),
    "general: imprint in 楷体": Wrong("bulletin", ".imprint { font-family: var(--font-kai) }"),
    "general: copies at the edge": Wrong("bulletin", ".copies { padding: 0 0 0 3em }"),
    "general: copies without a full stop": Wrong(
        "bulletin", "", swap("县政府办公室。</div>", "县政府办公室</div>")
    ),
    "general: day of printing without 印发": Wrong("bulletin", "", swap("30日印发", "30日")),
    "general: printed before it was signed": Wrong("bulletin", "", swap("11月30日印发", "11月3日印发")),
    # tables
    "table 16 pt": Wrong("handover", "table { font-size: 16pt; line-height: 8mm }"),
    "table in 楷体": Wrong("handover", "td { font-family: var(--font-kai) }"),
    "table red": Wrong("handover", "td { color: #e60012 }"),
    "table head in 仿宋": Wrong("handover", "th { font-family: var(--font-fang) }"),
    "table without rules": Wrong("handover", "th, td { border: none }"),
    "table rules blue": Wrong("handover", "th, td { border-color: #1f4e9e }"),
    "table rules 2 mm thick": Wrong("handover", "th, td { border-width: 2mm }"),
    "table wider than the type area": Wrong("bulletin", "table { width: 112%; margin-left: -6% }"),
    "table narrower than half": Wrong("bulletin", "table { width: 45% }"),
    "table head not repeated": Wrong(
        "round_report", "thead { display: table-row-group } td { height: 40mm }"
    ),
    "one column 6 pt": Wrong("handover", "td:nth-child(5) { font-size: 6pt }"),
    "numbers torn": Wrong(
        "bulletin", "", sub('<td class="right">12</td>', '<td class="right">12,345,67<br>8.90</td>')
    ),
    "a day torn": Wrong("handover", "", sub('2026年<span class="day">11月13日</span>', "2026年11<br>月13日")),
    "table cells over each other": Wrong("handover", "td { line-height: 2mm }"),
    # page numbers
    "page numbers on the wrong side": Wrong(
        "handover",
        '@page :left { @bottom-left { content: none } @bottom-right { content: "— " counter(page) " —"; width: 60mm; text-align: right; padding-right: 4.94mm; font: 14pt/6mm var(--font-song); vertical-align: top; padding-top: 0.2mm } }',
    ),
    "page numbers in 仿宋": Wrong(
        "handover", "@page :left { @bottom-left { font-family: var(--font-fang) } }"
    ),
    "page numbers red": Wrong("handover", "@page :left { @bottom-left { color: #e60012 } }"),
    "page numbers as 第2页": Wrong(
        "handover", '@page :left { @bottom-left { content: "第" counter(page) "页" } }'
    ),
    "page numbers with a total": Wrong(
        "handover", '@page :left { @bottom-left { content: "— " counter(page) "/" counter(pages) " —" } }'
    ),
    "page numbers roman": Wrong(
        "handover", '@page :left { @bottom-left { content: "— " counter(page, lower-roman) " —" } }'
    ),
    "page numbers with hyphens": Wrong(
        "handover", '@page :left { @bottom-left { content: "- " counter(page) " -" } }'
    ),
    "page numbers missing": Wrong("handover", "@page :left { @bottom-left { content: none } }"),
    "page numbers from 5 on": Wrong("handover", "@page :first { counter-reset: page 5 }"),
    "page numbers bold": Wrong("handover", "@page :left { @bottom-left { font-weight: bold } }"),
    "page numbers 4 mm too high": Wrong("handover", "@page :left { @bottom-left { margin-top: -4mm } }"),
    "sideways page number upright": Wrong(
        "handover",
        '@page sideways { @left-bottom { content: none !important } @left-top { content: none !important } @bottom-left { content: "— " counter(page) " —" !important } }',
    ),
    "general: no number on page 1": Wrong("bulletin", "@page :first { @bottom-right { content: none } }"),
    # signs
    "two commas": Wrong("handover", "", sub("(?<=[一-龥])，(?=[一-龥])", "，，")),
    "two full stops": Wrong("handover", "", sub("缓交。", "缓交。。")),
    "a comma before a full stop": Wrong("handover", "", sub("缓交。", "缓交，。")),
    "an ASCII full stop": Wrong("handover", "", sub("缓交。", "缓交.")),
    "ASCII dots": Wrong("handover", "", sub("缓交。", "缓交...")),
    "ASCII dashes": Wrong("handover", "", sub("口头承诺缓交", "口头承诺--缓交")),
    "a full stop of three dots": Wrong("handover", "", sub("缓交。", "缓交。。。")),
    "a bracket never closed": Wrong("handover", "", swap("方面（2个）", "方面（2个")),
    "quotes never closed": Wrong("handover", "", swap("“回头看”", "“回头看")),
    "quotes turned round": Wrong("handover", "", swap("“回头看”", "”回头看“")),
    "corner quotes": Wrong("handover", "", swap("“回头看”", "「回头看」")),
    "book marks never closed": Wrong("handover", "", swap("工作方案》", "工作方案")),
    "full-width figures": Wrong("handover", "", swap("（2个）", "（２个）")),
    "a blank between characters": Wrong("handover", "", swap("口头承诺", "口头　承诺")),
    "a gap never filled": Wrong("handover", "", swap("口头承诺", "××××")),
    "a mark of a draft left": Wrong("handover", "", swap("口头承诺", "【待补：数额】")),
    "a paragraph that ends without a sign": Wrong("handover", "", sub("缓交。", "缓交")),
    "half a name of a law": Wrong("handover", "", sub("《农村基层(.*?)规定》", r"〈农村基层\1规定〉")),
    "ASCII semicolons": Wrong("handover", "", swap("审批手续不完备。", "审批手续不完备;")),
    "ASCII percent of a tone": Wrong("handover", "", swap("3笔合", "3笔?合")),
}
