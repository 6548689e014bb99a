"""Questions to the library: answers that everybody may read, and questions at the desk in every state."""

from datetime import date, timedelta

from library import clock
from library.demonstration import desk, patrons
from library.site import published_answers
from library.site.published_answers import Draft
from models import Patron, PublishedAnswer, Question, Title


def write(*, today: date) -> None:
    for weeks, subject, text, answer, sources in _PUBLISHED:
        day = today - timedelta(weeks=weeks, days=2)
        draft = Draft(subject, text, answer, "\n".join(_linked(source) for source in sources))
        entry = {"folded": published_answers.folded(draft), "public": True, "published_on": day}
        PublishedAnswer.create(**draft._asdict(), **entry, changed_at=clock.at(day, 15))
    people = list(Patron.select().order_by(Patron.card_number))
    for number, (days, asker, values) in enumerate(_ASKED, start=1):
        who = {"address": asker} if isinstance(asker, str) else {"patron": people[asker]}
        asked_at = clock.at(today - timedelta(days=days), 20, 15)
        if values.get("state") == "answered":
            values = values | {"ended_at": clock.at(today - timedelta(days=days - 3), 11)}
        Question.create(request=f"demonstration-{number}", asked_at=asked_at, **who, **values)


def _linked(source: str) -> str:
    """Return the words of a source, as a link where the catalogue has it."""
    title = Title.get_or_none(Title.title == source)
    return f"[『{title.title}』 {title.author}](/titles/{title.id})" if title else source


_PUBLISHED = (  # weeks ago, subject, question, answer, sources
    (
        30,
        "ラベルの「913.6」は、何を表していますか",
        "小説の棚の本に「913.6」というラベルが貼ってあります。何の番号でしょうか。",
        "日本十進分類法（NDC）の番号です。日本の多くの図書館が、本を主題の順に並べるために使っています。\n\n"
        "- **9** は文学、**91** は日本文学\n- **913** は日本文学の小説・物語\n- **913.6** はそのうち、明治時代よりあとの近代のもの\n\n"
        "番号の下の文字は、著者の名前などを表します。番号から本を探すには、[分類から探す](/classes/91)をご覧ください。",
        ("日本図書館協会分類委員会 改訂『日本十進分類法』新訂10版 日本図書館協会 2014年",),
    ),
    (
        26,
        "「吾輩は猫である」が、はじめて載った雑誌",
        "夏目漱石の「吾輩は猫である」は、はじめはどこに発表されましたか。何年のことですか。",
        "俳句の雑誌「ホトトギス」です。1905（明治38）年1月の号に、はじめの章にあたる部分が載りました。\n\n"
        "好評で書きつがれ、1906（明治39）年8月の号まで続いて、全部で11章になりました。",
        ("吾輩ハ猫デアル",),
    ),
    (
        22,
        "宮沢賢治が生きているあいだに出した本",
        "宮沢賢治の本で、本人が生きているあいだに出版されたものは、何冊ありますか。",
        "2冊です。どちらも1924（大正13）年に出版されました。\n\n"
        "1. 詩集（本人の言葉では「心象スケッチ」）『春と修羅』、4月\n2. 童話集『注文の多い料理店』、12月\n\n"
        "「銀河鉄道の夜」などは原稿のまま残され、1933（昭和8）年に亡くなったあとに出版されました。",
        ("注文の多い料理店", "銀河鉄道の夜"),
    ),
    (
        17,
        "「天災は忘れた頃に来る」は、寺田寅彦の言葉か",
        "「天災は忘れた頃に来る」は寺田寅彦の言葉だと聞きました。どの本に書いてありますか。",
        "この形の文は、寺田寅彦が書いたものの中には見つかっていません。\n\n"
        "弟子の中谷宇吉郎が、随筆「天災は忘れた頃来る」で、先生がよく話していたことだと伝えています。"
        "同じ趣旨の文章は「天災と国防」（1934年）などで読めます。",
        ("天災と国防",),
    ),
    (
        13,
        "「遠野物語」の初版は、何部つくられたか",
        "柳田国男の「遠野物語」の初版の部数と、話をした人の名前を知りたいです。",
        "1910（明治43）年の初版は350部でした。\n\n"
        "序文に、遠野の人、佐々木鏡石（佐々木喜善）から聞いた話だと書かれています。話は119あります。",
        ("遠野物語",),
    ),
    (
        9,
        "ISBNが10桁の本と13桁の本があるのは、なぜですか",
        "裏表紙の番号（ISBN）が、古い本では10桁、新しい本では13桁です。同じ本なのでしょうか。",
        "ISBNは、はじめ10桁でしたが、2007年1月から13桁になりました。978か979で始まります。\n\n"
        "10桁の番号は、頭に978を付け、終わりの1桁（検査数字）を計算し直すと、13桁の番号になります。"
        "この図書館の検索では、どちらで入力しても同じ本が見つかります。",
        ("ISO 2108:2017 Information and documentation — International Standard Book Number (ISBN)",),
    ),
    (
        5,
        "亡くなった作家の作品を、自由に使えるのはいつからか",
        "朗読会で、亡くなった作家の作品を読みます。著作権は、いつまでありますか。",
        "日本では、原則として、著作者が亡くなった年の翌年から数えて70年のあいだです。"
        "2018（平成30）年12月30日に、50年から70年になりました。\n\n"
        "その日までに50年の期間が終わっていたもの、つまり1967（昭和42）年までに亡くなった人の作品は、保護期間が終わっています。\n\n"
        "訳者や編者の権利が残っていることもあります。具体的な場合の判断は、図書館ではできません。",
        ("著作権法 第51条、第57条",),
    ),
    (
        1,
        "すずかけ市立図書館で、いちばん遅くまで開いている館",
        "仕事の帰りに寄れる館はありますか。閉まっているときに、本を返せますか。",
        "**本館**と**中央**が、19時まで開いています。ほかの12の館は18時までです。月曜日は、どの館も休館します。\n\n"
        "閉まっているときは、返却ポストにお返しください。CDやDVDは、開館してから窓口へお願いします。\n\n"
        "各館の場所は[アクセス](/access)、休館日は[開館カレンダー](/calendar)でご覧になれます。",
        (),
    ),
)  # fmt: skip
_ASKED = (  # days ago, the patron or an address, what is asked and how far it is
    (
        21,
        patrons.READER,
        {
            "subject": "「坊っちゃん」の舞台になった学校",
            "text": "「坊っちゃん」の中学校は、漱石がほんとうに勤めた学校だと聞きました。どこでしょうか。",
            "consent": True,
            "state": "answered",
            "taken_by": desk.ACCOUNTS[0][0],
            "answer": "漱石は、1895（明治28）年4月から1年、愛媛県尋常中学校（いまの愛媛県立松山東高等学校）で英語を教えました。\n\n"
            "作品の中に、学校や町の名前は出てきません。書かれているのは「四国辺のある中学校」という言葉です。",
            "sources": "『坊っちゃん』 夏目漱石",
        },
    ),
    (
        5,
        patrons.READER,
        {
            "subject": "むかしの国語の教科書を見たい",
            "text": "祖父が大正のはじめに小学校で使った国語の教科書を見たいです。題名と、見られるところを教えてください。",
            "looked": "「国語読本」で検索しましたが、どれが当時のものか分かりませんでした。",
            "wanted": "親族の集まりで話すため。年内に",
            "state": "taken",
            "taken_by": desk.ACCOUNTS[0][0],
            "answer": "そのころの小学校では、国定教科書『尋常小学読本』が使われていました。",
        },
    ),
    (
        2,
        patrons.OVERDUE,
        {
            "subject": "手紙の書き出しの、季節の言葉",
            "text": "目上の方への手紙の書き出しに使う、12月の言葉を集めた本はありますか。",
            "wanted": "12月10日までに",
            "consent": True,
        },
    ),
    (
        1,
        "shirabe@example.jp",
        {
            "subject": "すずかけ橋が架けられた年",
            "text": "いまのすずかけ橋は、いつ架けられましたか。その前の橋の写真があれば見たいです。",
            "looked": "市のホームページには、年が書いてありませんでした。",
        },
    ),
)  # fmt: skip
