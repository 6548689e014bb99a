"""The two 特集 of a public library's front page, from the titles of the demonstration."""

from datetime import datetime

from library.site import features
from models import Title

ACTOR = "setup"
# slug, title, icon, text, (title, comment)
FEATURES = (
    (
        "children",
        "子どものためのおすすめの本",
        "balloon",
        "はじめて自分で読む本から、少し長いお話まで、図書館の職員が選びました。\n\n"
        "- 声に出して読むと楽しい本には、その時間のめやすを書きました\n"
        "- ここにない本も、[検索](/search/advanced)や、窓口で探せます",
        (
            ("手袋を買いに", "雪の夜、子ぎつねが町へ手袋を買いに行きます。読み聞かせに、およそ10分。"),
            ("どんぐりと山猫", "山猫から、おかしなはがきが届きます。秋に読みたいお話。"),
            ("おじいさんのランプ", "ランプ売りになった少年の、新しい時代とのわかれと出会い。"),
            ("セロ弾きのゴーシュ", "夜ごとにやってくる動物たちと、音楽の練習をします。"),
            ("ブレーメンの町楽隊", "年をとった動物たちが、力を合わせて音楽隊をめざします。およそ8分。"),
            ("一寸法師", "おわんの舟に、針の刀。むかし話の入り口に。"),
            ("みにくいアヒルの子", ""),
            ("赤い蝋燭と人魚", "少し悲しくて、いつまでも心に残るお話。高学年から。"),
            ("注文の多い料理店", "山のなかの西洋料理店には、ふしぎな注文がたくさん。"),
            ("怪人二十面相", "名探偵と怪盗の知恵くらべ。長い物語に挑戦したい人に。"),
            ("若草物語", "四人の姉妹の一年。家族で読みつがれてきた物語です。"),
            ("マイケル・ファラデイ", "製本屋の少年が、世界の科学者になるまで。"),
        ),
    ),
    (
        "family",
        "結婚・妊娠・出産・子育て",
        "heart",
        "家族になること、子どもと暮らすことについての本を集めました。\n\n"
        "制度や手続き、からだのことは、新しい本や資料をお使いください。窓口でもご相談をお受けします。",
        (
            ("おさなご", "小さな子どもの気持ちによりそう、家庭教育の本。"),
            ("最も楽しい事業", "子育てを「最も楽しい事業」と呼んだ、羽仁もと子の随筆。"),
            ("教育の最大目的", ""),
            ("母の手毬歌", "母から子へ、口で伝えられてきた歌と遊び。"),
            ("家庭料理の話", "毎日の食事を、どう楽しむか。"),
            ("だしの取り方", "新しい台所の、はじめの一歩に。"),
            ("賢者の贈り物", "若い夫婦の、クリスマスの贈り物。贈る言葉を探している方にも。"),
            ("お鍋とお皿とカーテン", "はじめての読み聞かせに。短いお話です。"),
        ),
    ),
)


def write(*, now: datetime) -> None:
    wanted = {name for *_, books in FEATURES for name, _ in books}
    known = {title.title: title for title in Title.select().where(Title.title.in_(wanted)).order_by(Title.id.desc())}
    for slug, title, icon, text, books in FEATURES:
        listed = tuple(features.of_title(known[name], comment) for name, comment in books)
        draft = features.Draft(title, text, slug, public=True, on_front=True, icon=icon, books=listed)
        features.write(None, draft, by=ACTOR, now=now)
