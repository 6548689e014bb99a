"""Words that records have and that are said in the reader's language: 資料の種類, 対象, 役割, the classes of the NDC."""

MATERIALS = (
    "図書", "雑誌", "新聞", "地図", "楽譜", "録音資料", "映像資料", "静止画", "電子資料", "点字資料", "大活字資料", "博物資料", "文書",
)  # fmt: skip
OTHER_MATERIALS = ("紙芝居", "電子書籍", "キット")  # of libraries and of MARC
AUDIENCES = ("一般", "児童")
CLASSES = ("総記", "哲学", "歴史", "社会科学", "自然科学", "技術．工学", "産業", "芸術．美術", "言語", "文学")
SHORT_CLASSES = ("技術", "芸術")  # as the first word of a class stands beside its number
ROLES = (
    "著", "編", "訳", "作", "文", "絵", "画", "ぶん", "え", "さく", "やく", "監修", "編著", "共著", "共編", "共訳", "編集", "編訳", "監訳",
    "翻訳", "原作", "原著", "原案", "脚本", "漫画", "イラスト", "挿絵", "さし絵", "写真", "解説", "注", "校注", "訳注", "再話", "朗読", "語り",
    "演奏", "作曲", "作詞", "監督", "出演", "企画", "制作", "構成", "装丁", "協力", "選", "文・絵", "作・絵", "さく・え", "ぶん・え",
)  # fmt: skip
