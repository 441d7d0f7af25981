# ruff: noqa: E501 - a spoilt style sheet is one line
"""Wrong prints that a quick eye passes over: one line, one sign, one rule or one side of a right paper spoilt."""

from tests.typesetting.wrong_prints import Wrong, sub, swap

_BARS = ((21, 44, 170, 1), (21, 45.35, 170, 0.25), (21, 275.4, 170, 0.25), (21, 276, 170, 1))
Bars = tuple[tuple[float, float, float, float], ...]


def drawn_lines(bars: Bars, fill: str = "#e60012") -> Wrong:
    """A letter whose red lines are other bars (x, y, width, height in mm)."""
    boxes = "".join(
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'
        for x, y, width, height in bars
    )
    place = "position: absolute; left: -28mm; top: -34.5625mm"
    drawing = f'<body><svg style="{place}" width="210mm" height="297mm" viewBox="0 0 210 297">{boxes}</svg>'
    return Wrong("handover", "@page :first { background: none }", swap("<body>", drawing))


SUBTLE: dict[str, Wrong] = {
    # sheet
    "type area lower from page 2 on": Wrong("handover", "@page :left { margin-top: 40mm }"),
    "an empty sheet at the end": Wrong(
        "handover", "", swap("</body>", '<div style="break-before: page; height: 1mm"></div></body>')
    ),
    "an empty sheet in the middle": Wrong(
        "handover",
        "",
        swap(
            '<section class="annex',
            '<div style="break-before: page; height: 1mm"></div><section class="annex',
        ),
    ),
    # running text
    "one paragraph in 楷体": Wrong("handover", ".body p:nth-of-type(3) { font-family: var(--font-kai) }"),
    "one paragraph in 宋体": Wrong("handover", ".body p:nth-of-type(3) { font-family: var(--font-song) }"),
    "one paragraph in 4号": Wrong("handover", ".body p:nth-of-type(3) { font-size: 14pt }"),
    "one paragraph in 小三": Wrong("handover", ".body p:last-of-type { font-size: 15pt }"),
    "one paragraph set tight": Wrong("handover", ".body p:nth-of-type(2) { line-height: 8mm }"),
    "one paragraph not indented": Wrong("handover", ".body p:nth-of-type(2) { text-indent: 0 }"),
    "one paragraph indented as a whole": Wrong("handover", ".body p:nth-of-type(2) { padding-left: 2em }"),
    "one paragraph blue": Wrong("handover", ".body p:nth-of-type(2) { color: #1f4e9e }"),
    "one paragraph dark red": Wrong("handover", ".body p:nth-of-type(2) { color: #8b0000 }"),
    "some words red": Wrong(
        "handover", "", sub("口头承诺缓交", '<b style="color:#e60012;font-weight:normal">口头承诺缓交</b>')
    ),
    "some words in 黑体": Wrong(
        "handover",
        "",
        sub("口头承诺缓交", '<b style="font-family:var(--font-hei);font-weight:normal">口头承诺缓交</b>'),
    ),
    "some words bold": Wrong(
        "handover", "", sub("口头承诺缓交", "<b style=\"font-family:'Noto Serif CJK SC'\">口头承诺缓交</b>")
    ),
    "some words large": Wrong(
        "handover",
        "",
        sub("口头承诺缓交", '<b style="font-size:18pt;line-height:0;font-weight:normal">口头承诺缓交</b>'),
    ),
    "some words underlined": Wrong("handover", "", sub("口头承诺缓交", "<u>口头承诺缓交</u>")),
    "some words struck out": Wrong("handover", "", sub("口头承诺缓交", "<s>口头承诺缓交</s>")),
    "slanted text": Wrong("handover", ".body p:nth-of-type(2) { transform: skewX(-12deg) }"),
    "a coloured ground behind a line": Wrong("handover", "h2 { background: #ffff00 }"),
    "24 lines a page": Wrong("handover", "body, p, h2, h3 { line-height: 9.6mm }"),
    "30 characters a line": Wrong("handover", "p { font-size: 5.2mm }"),
    "characters spaced": Wrong(
        "handover",
        "p .line { letter-spacing: 0.08em !important } p .run { letter-spacing: 0.08em !important }",
    ),
    "half a line more after each heading": Wrong("handover", "h2 { margin-bottom: 4mm }"),
    "half a line above each heading": Wrong("handover", "h3 { margin-top: 3mm }"),
    "first level centred": Wrong("handover", "h2 { text-align: center; text-indent: 0 }"),
    "first level in 2号": Wrong("handover", "h2 { font-size: 22pt }"),
    "first level in 小标宋": Wrong("handover", "h2 { font-family: var(--font-title) }"),
    "second level bold": Wrong("handover", "h3 { font-family: 'Noto Serif CJK SC'; font-weight: bold }"),
    "third level in 楷体": Wrong(
        "handover",
        "",
        sub(r"<p>(<span[^>]*>)1\.(柳河村)", r'<p style="font-family:var(--font-kai)">\g<1>1.\2'),
    ),
    "second level written with a half bracket": Wrong("handover", "", swap("（二）惠民", "(二)惠民")),
    "first level with a full stop": Wrong("handover", "", swap("一、交办事项", "一、交办事项。")),
    "first level with a point": Wrong("handover", "", swap("一、交办事项", "一．交办事项")),
    "second level with a comma behind": Wrong("handover", "", swap("（一）压实责任", "（一）、压实责任")),
    "second ordinals out of order": Wrong("handover", "", swap("（二）严格时限", "（四）严格时限")),
    "second ordinals doubled": Wrong("handover", "", swap("（二）严格时限", "（二）（二）严格时限")),
    "third ordinals doubled": Wrong("handover", "", swap(">2.石桥村", ">2.2.石桥村")),
    # head
    "mark in 黑体": Wrong("handover", ".mark { font-family: var(--font-hei); font-weight: normal }"),
    "mark in 楷体": Wrong("handover", ".mark { font-family: var(--font-kai); font-weight: normal }"),
    "mark pale": Wrong("handover", ".mark { color: #f5a0a0 }"),
    "mark purple": Wrong("handover", ".mark { color: #a00060 }"),
    "mark 2 mm too high": Wrong("handover", ".mark { margin-top: -8mm }"),
    "mark a centimetre to the right": Wrong("handover", ".mark { padding-left: 20mm }"),
    "mark wider than the type area": Wrong("handover", ".mark { letter-spacing: 0.8em !important }"),
    "no mark": Wrong("handover", ".mark { visibility: hidden }"),
    "general: mark without 文件 black": Wrong("bulletin", ".mark { color: #000 }"),
    "general: mark 3 mm lower": Wrong("bulletin", ".mark { margin-top: 39mm }"),
    "red lines as wide as the type area": drawn_lines(tuple((28, y, 156, h) for _, y, _, h in _BARS)),
    "red lines 3 mm to the left": drawn_lines(tuple((18, y, w, h) for _, y, w, h in _BARS)),
    "red lines both thick": drawn_lines(
        tuple((x, y, w, 1) if h < 1 else (x, y, w, h) for x, y, w, h in _BARS)
    ),
    "red lines thin above thick": drawn_lines(
        ((21, 44, 170, 0.25), (21, 44.6, 170, 1), (21, 275.4, 170, 1), (21, 276.8, 170, 0.25))
    ),
    "no red line at the foot": drawn_lines(_BARS[:2]),
    "one red line above": drawn_lines((_BARS[0], *_BARS[2:])),
    "red line at the foot 3 mm up": drawn_lines((*_BARS[:2], (21, 272.4, 170, 0.25), (21, 273, 170, 1))),
    "red lines black": drawn_lines(_BARS, "#000000"),
    "red lines orange": drawn_lines(_BARS, "#ff8c00"),
    "red lines on every page": Wrong(
        "handover",
        '@page { background: url("asset:letter-lines.svg") -28mm -34.5625mm / 210mm 297mm no-repeat }',
    ),
    "a fifth red line": Wrong("handover", ".head { border-bottom: 0.5mm solid #e60012 }"),
    "number in 4号": Wrong("handover", ".number { font-size: 14pt }"),
    "number red": Wrong("handover", ".number { color: #e60012 }"),
    "number in the middle": Wrong("handover", ".number { text-align: center }"),
    "number 5 mm from the edge": Wrong("handover", ".number { padding-right: 5mm }"),
    "number in round brackets": Wrong("handover", "", sub("〔(20\\d\\d)〕", r"（\1）")),
    "number in black brackets": Wrong("handover", "", sub("〔(20\\d\\d)〕", r"【\1】")),
    "number with a short year": Wrong("handover", "", swap("〔2026〕18", "〔26〕18")),
    "number without 号": Wrong("handover", "", swap("〕18号", "〕18")),
    "no number": Wrong("handover", ".number { visibility: hidden }"),
    "general: rule 3 mm thick": Wrong("bulletin", ".rule { border-top-width: 3mm }"),
    "general: rule black": Wrong("bulletin", ".rule { border-top-color: #000 }"),
    "general: two rules": Wrong("bulletin", ".rule { border-bottom: 0.7mm solid #e60012; height: 1mm }"),
    "general: number in 楷体": Wrong("bulletin", ".number { font-family: var(--font-kai) }"),
    "general: number close to the mark": Wrong(
        "bulletin", ".number { margin-top: 5mm } h1 { margin-top: 20.9mm }"
    ),
    "title red": Wrong("handover", "h1:not(.annex-title) { color: #e60012 !important }"),
    "title in 3号": Wrong("handover", "h1:not(.annex-title) { font-size: 16pt !important }"),
    "title in 楷体": Wrong(
        "handover", "h1:not(.annex-title) { font-family: var(--font-kai) !important; font-weight: normal }"
    ),
    "title in 仿宋": Wrong(
        "handover", "h1:not(.annex-title) { font-family: var(--font-fang) !important; font-weight: normal }"
    ),
    "title underlined": Wrong("handover", "h1:not(.annex-title) { text-decoration: underline }"),
    "title 6 mm off the middle": Wrong("handover", "h1:not(.annex-title) { padding-left: 12mm }"),
    "title set tight": Wrong("handover", "h1:not(.annex-title) { line-height: 8mm !important }"),
    "one blank line above the title": Wrong(
        "handover", "h1:not(.annex-title) { margin-top: 10.4mm !important }"
    ),
    "two blank lines below the title": Wrong(
        "handover", "h1:not(.annex-title) { margin-bottom: 20.9mm !important }"
    ),
    "title ends with a full stop": Wrong("handover", "", swap("发现问题的函</h1>", "发现问题的函。</h1>")),
    "a word of the title torn": Wrong(
        "handover", "", swap("2026年第二轮<br>驻点监督", "2026年第二轮驻点监<br>督")
    ),
    "title's lines alike": Wrong(
        "handover",
        "",
        swap("2026年第二轮<br>驻点监督检查发现问题的函", "2026年第二<br>轮驻点监督检查发现问题的函"),
    ),
    "no addressee": Wrong("handover", ".to { display: none }"),
    "addressee in 黑体": Wrong("handover", ".to { font-family: var(--font-hei) }"),
    "addressee in 4号": Wrong("handover", ".to { font-size: 14pt }"),
    "addressee without a colon": Wrong("handover", "", swap("委员会：</div>", "委员会</div>")),
    "addressee with a comma": Wrong("handover", "", swap("委员会：</div>", "委员会，</div>")),
    "addressee at the right": Wrong("handover", ".to { text-align: right }"),
}
