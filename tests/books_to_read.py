"""Three EPUB files of our own for the reader (vertical, horizontal, fixed layout), and what a hostile
one would bring.
"""

from tests import epubs

HEAD = "<html xmlns='http://www.w3.org/1999/xhtml' xmlns:epub='http://www.idpf.org/2007/ops' xml:lang='ja'{attributes}><head><title>本</title></head>"
NAV = "<!DOCTYPE html>" + HEAD.format(attributes="") + "<body><nav epub:type='toc'><ol>{rows}</ol></nav></body></html>"
EVENING = """<h1 id="top">一、<ruby>灯<rt>ひ</rt></ruby>のともるころ</h1>
<p>　十月<span class="tcy">29</span>日の夕方、<ruby>図書館<rt>としょかん</rt></ruby>の窓に<ruby>灯<rt>あか</rt></ruby>りがともった。</p>
<p>　返却の棚には、<span class="em-sesame">だれか</span>の読みおえた本が三冊ならんでいた。<a href="two.xhtml#note">注</a>へはまだ行かない。</p>
<p>「つぎは、どれにしますか」<img class="gaiji" src="../images/mark.png" alt="印"/></p>"""
LONG_PARAGRAPH = "　坂道を下りていくと、町のむこうに海が見えた。船は一そうも出ていない。風だけが、港から坂を上がってきて、ページをめくろうとする。"


def page(body: str, *, attributes="") -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE html>\n{HEAD.format(attributes=attributes)}<body>{body}</body></html>"


def _item(name, kind="application/xhtml+xml", properties=""):
    more = f" properties='{properties}'" if properties else ""
    return f"<item id='{name.replace('/', '-')}' href='{name}' media-type='{kind}'{more}/>"


def _made(pages: dict, *, spine="", entries=(), metadata="", pictures=(), title="夕方の本", language="ja") -> bytes:
    """A book of these documents, its list of contents and pictures."""
    rows = "".join(f"<li><a href='{to}'>{label}</a></li>" for label, to in entries)
    items = [_item(name) for name in pages] + [_item("nav.xhtml", properties="nav")]
    items += [_item(f"../images/{name}", "image/png") for name in pictures]
    refs = "".join(f"<itemref idref='{name}'/>" for name in pages)
    told = f"<dc:identifier id='id'>urn:x:1</dc:identifier><dc:title>{title}</dc:title><dc:language>{language}</dc:language>{metadata}"
    package = epubs.PACKAGE.format(metadata=told, items="".join(items), spine=refs)
    package = package.replace('<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>', "")
    parts = {f"OPS/text/{name}": content for name, content in pages.items()}
    return epubs.packed(
        epubs.parts(**{"OPS/c.xhtml": None, "OPS/book.opf": None}, path="OPS/text/book.opf")
        | {"OPS/text/book.opf": package.replace("<spine>", f"<spine{spine}>")}
        | parts
        | {"OPS/text/nav.xhtml": NAV.format(rows=rows)}
        | {f"OPS/images/{name}": epubs.COVER for name in pictures}
    )


def vertical(**given) -> bytes:
    """縦書き: columns from right to left, ruby, 縦中横, a letter that is a picture, and a page that is horizontal."""
    pages = {
        "one.xhtml": page(EVENING + f"<p>{LONG_PARAGRAPH}</p>" * 12, attributes=" class='vrtl'"),
        "two.xhtml": page("<h1>二、海</h1><p id='note'>　波の音がした。</p><p>　おわり。</p>"),
        "last.xhtml": page("<h1>奥付</h1><p>すずかけ市立図書館</p>", attributes=" class='hltr'"),
    }
    entries = (("一、灯のともるころ", "one.xhtml#top"), ("二、海", "two.xhtml"), ("奥付", "last.xhtml"))
    told = {"spine": " page-progression-direction='rtl'", "entries": entries, "pictures": ["mark.png"]}
    return _made(pages, **told | given)


def vertical_of(body: str, parts: int) -> bytes:
    """A vertical book of as many documents, all of the same text, for measuring."""
    pages = {f"{number}.xhtml": page(body, attributes=" class='vrtl'") for number in range(1, parts + 1)}
    entries = [(f"第{number}章", name) for number, name in enumerate(pages, start=1)]
    return _made(pages, spine=" page-progression-direction='rtl'", entries=entries)


def horizontal(**given) -> bytes:
    """横書き, of the kind that EPUB 2 was: a document type, entities of HTML, a table."""
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
    body = "<h1>Tea&nbsp;&amp; Books</h1><p>Caf&eacute; &mdash; 1&#160;cup.</p><table><tr><th>a</th><td>1</td></tr></table>"
    pages = {
        "one.xhtml": page(body).replace("<!DOCTYPE html>", doctype).replace("xml:lang='ja'", "xml:lang='en'"),
        "two.xhtml": page("<h2>Two</h2><p>The end.</p>"),
    }
    return _made(pages, **{"entries": (("Tea &amp; Books", "one.xhtml"),), "title": "Tea", "language": "en"} | given)


def fixed(**given) -> bytes:
    """固定レイアウト: a picture a page, as publishers wrap one; the third has text on it, which no page of ours can place."""
    picture = (
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 600 860'>"
        "<image width='600' height='860' xlink:href='../images/{name}'/></svg>"
    )
    pages = {
        "one.xhtml": page(f"<div>{picture.format(name='one.png')}</div>"),
        "two.xhtml": page("<p><img src='../images/two.png' alt='二匹の犬'/></p>"),
        "three.xhtml": page("<p><img src='../images/two.png' alt=''/>ここに字</p>"),
    }
    layout = "<meta property='rendition:layout'>pre-paginated</meta>"
    return _made(pages, **{"metadata": layout, "pictures": ["one.png", "two.png"], "title": "絵の本"} | given)


SCRIPTS = (
    "<script>alert(1)</script>",
    "<script xmlns='http://www.w3.org/2000/svg'>alert(1)</script>",
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script><a href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg'><foreignObject><p xmlns='http://www.w3.org/1999/xhtml' onclick='alert(1)'>x</p></foreignObject></svg>",
    "<math xmlns='http://www.w3.org/1998/Math/MathML'><mtext><p xmlns='http://www.w3.org/1999/xhtml' onclick='alert(1)'>x</p></mtext></math>",
    "<p onclick='alert(1)' onmouseover='alert(1)' style='background:url(http://evil.example.com/)'>x</p>",
    "<a href='javascript:alert(1)'>x</a><a href='JaVaScRiPt&#58;alert(1)'>x</a><a href='data:text/html,x'>x</a><a href='vbscript:x'>x</a>",
    "<style>@import url(http://evil.example.com/x.css); p { background: url(http://evil.example.com/) }</style>",
    "<iframe src='http://evil.example.com/'/><object data='http://evil.example.com/'/><embed src='http://evil.example.com/'/>",
    "<meta http-equiv='refresh' content='0;url=http://evil.example.com/'/><base href='http://evil.example.com/'/><link rel='stylesheet' href='http://evil.example.com/'/>",
    "<img src='http://evil.example.com/a.png' alt='x'/><img src='//evil.example.com/a.png' srcset='http://evil.example.com/b.png 2x' alt='x'/>",
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:l='http://www.w3.org/1999/xlink'><image l:href='http://evil.example.com/a.png'/><use l:href='http://evil.example.com/#a'/></svg>",
    "<video src='http://evil.example.com/' poster='http://evil.example.com/'/><audio src='http://evil.example.com/'/><form action='http://evil.example.com/'><button>x</button></form>",
    "<noscript><p title='&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;'>x</p></noscript><textarea>&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>",
    "<p id='x&quot; onclick=&quot;alert(1)' lang='ja&quot; onclick=&quot;alert(1)' class='button main tcy'>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<a href='../../../../logout'>x</a><a href='/logout'>x</a><img src='../../../../etc/passwd' alt='x'/><a href='file:///etc/passwd'>x</a>",
    "<p>]]&gt;&lt;!--</p><xmp>&lt;script&gt;alert(1)&lt;/script&gt;</xmp><plaintext>x</plaintext>",
)
BOMB = "<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"


def hostile(*bodies: str) -> bytes:
    """A book of documents that bring what runs or leads away, one each."""
    return _made({f"{number}.xhtml": page(body) for number, body in enumerate(bodies, start=1)}, title="わるい本")
