"""Rebuild library/catalog/folding/variants.tsv, the kanji that a search takes for another, from Unihan's variants and the lists below.

    python scripts/kanji_variants.py Unihan_Variants.txt[.bz2] > library/catalog/folding/variants.tsv

Each row is directed, from the form that is folded away to the one that is kept. Two characters of JIS X 0208 become one
only by a list of this file, never by a property of Unihan, which also joins words that Japanese keeps apart. How the choice
is made stands in docs/adr/0050-folding.md.
"""

import bz2
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

Variants = dict[str, set[str]]
HEADER = """\
# Kanji that a search takes for another: folded form, kept form, source. Made by scripts/kanji_variants.py; do not edit.
# joyo: forms in brackets in 常用漢字表 (Cabinet notification 2 of 2010). jinmei: pairs in 人名用漢字表 (Ordinance for Enforcement
#   of the Family Register Act, tables 1 and 2). Laws and notifications, free of copyright (Copyright Act, article 13).
# hand: Madoguchi's own list, forms met in names and in foreign catalogues.
# z, semantic, simplified: Unicode Character Database, Unihan_Variants.txt {version}, (c) Unicode, Inc.,
#   Unicode License v3
"""

# Kept form first, then what is folded to it. What NFKC folds already (compatibility ideographs) is not repeated.
JOYO = """
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 艶艷 応應 欧歐 殴毆 桜櫻 奥奧 横橫 温溫 穏穩 仮假
価價 画畫 会會 絵繪 壊壞 懐懷 概槪 拡擴 殻殼 覚覺 学學 岳嶽 楽樂 渇渴 缶罐 巻卷 陥陷 勧勸 寛寬 関關 歓歡 観觀 気氣 既旣 帰歸
亀龜 偽僞 戯戲 犠犧 旧舊 拠據 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕 暁曉 区區 駆驅 勲勳 薫薰 径徑 茎莖 恵惠 掲揭 渓溪 経經 蛍螢 軽輕
継繼 鶏鷄 芸藝 撃擊 欠缺 研硏 県縣 倹儉 剣劍 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 広廣 効效 恒恆 黄黃 鉱鑛 号號 国國 黒黑
砕碎 済濟 斎齋 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 写寫 釈釋 寿壽 収收 従從 渋澁 獣獸 縦縱
粛肅 処處 緒緖 叙敍 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢
慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 斉齊 静靜 窃竊 摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙
壮壯 争爭 荘莊 捜搜 挿插 巣巢 曽曾 痩瘦 装裝 総總 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體 帯帶 滞滯 台臺 滝瀧 択擇
沢澤 担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡 虫蟲 昼晝 鋳鑄 庁廳 徴徵 聴聽 懲懲 勅敕 鎮鎭 逓遞 鉄鐵 点點 転轉 伝傳 灯燈 当當
党黨 盗盜 稲稻 闘鬭 徳德 独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 晩晚 蛮蠻 秘祕 浜濱 瓶甁 払拂
仏佛 併倂 並竝 餅餠 辺邊 変變 弁辨瓣辯 歩步 宝寶 豊豐 褒襃 翻飜 毎每 万萬 満滿 麺麵 黙默 弥彌 訳譯 薬藥 与與 予豫 余餘 誉譽
揺搖 様樣 謡謠 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 涙淚 塁壘 礼禮 励勵 戻戾 霊靈 齢齡 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞 郎郞
楼樓 録錄 湾灣 剥剝 填塡 頬頰 叱𠮟
"""
JINMEI = """
亘亙 凜凛 尭堯 巌巖 晃晄 桧檜 槙槇 祢禰 祷禱 禄祿 穣穰 萌萠 遥遙 園薗 駆駈 島嶋 杯盃 富冨 峰峯 野埜 涼凉
"""
HAND = """
高髙 崎﨑嵜㟢 辺邉 浜濵 査查 説說 桑桒 柳栁桺 吉𠮷 島嶌 鴎鷗 清淸 青靑 別别 汚污汙 館舘 船舩 橋槗𣘺 土圡𡈽 丈𠀋 昇曻 淵渕渊 松枩
秋穐 村邨 剣劔剱劒釼 鉄銕鐡 宝寳 略畧 画畵 窓窗窻牕 群羣 隣鄰 綿緜 線綫 恥耻 煙烟 涙泪 腸膓 草艸 庵菴 婿聟壻 解觧 走赱 体躰軆
京亰 事亊叓 虎乕 回囘囬 器噐 奇竒 期朞 棋棊 柏栢 怪恠 蘇蘓 鎖鎻 麺麪 氷冰 決决 準凖 函凾 沖冲 糧粮 筍笋 蓑簔簑 鬱欝 渋澀 糸糹
叙敘 闘鬪 鉱礦砿 雑襍 渓谿 霊灵 鼓皷 猫貓 床牀 場塲 姉姊 倉仺 厩廐廏 熙煕熈凞 翠翆 雁鴈 鶯鴬 穎頴 鉤鈎 蠅蝿 籠篭 藪薮 壺壷
頸頚 竈竃 諫諌 賤賎 礪砺 蠣蛎 邇迩 鰺鯵 攪撹 靱靭 讃讚 濤涛 蕊蘂蕋 萼蕚 裏裡 轟軣 弐貮弍 第㐧 徳悳惪 災灾
掴摑 噛嚙 躯軀 侠俠 倶俱 繋繫 鹸鹼 醤醬 蝉蟬 箪簞 掻搔 蝋蠟 嚢囊 涜瀆 莱萊 麹麴 溌潑 醗醱 焔焰 蒋蔣 騨驒 顛顚 嘘噓 繍繡 屏屛 駄馱
産產 税稅 脱脫 悦悅 閲閱 鋭銳 戸戶户 尚尙 内內 告吿 呉吳 娯娛 姫姬 彦彥 顔顏 教敎 強强 没沒 絶絕 歳歲 啓啟 喩喻 換换 却卻 刹剎
奨獎 況况 脈脉 罰罸 讐讎 狸貍 稿稾 紙帋 耕畊 考攷 蓋盖葢 秋龝 往徃 韻韵 鑑鑒 鵞鵝 逃迯 歌謌 唇脣 刃刄 詠咏 猪豬
毀毁 衆眾 舎舍 舗舖 達逹 郷鄉 間閒 飲飮 隷隸 柵栅 為为 宮宫 巌巗 瑶瑤 蔭䕃 飾餝 年秊 昂昻 呂吕
兎兔 芦蘆 厨廚 携攜 沿㳂 鳳鳯 鎌鐮 偸偷 兌兑 刪删 匀勻 媼媪 抛拋 挿揷 頽頹 爾尔 珍珎
"""


def main() -> None:
    properties, version = read_unihan(sys.argv[1])
    rows = pairs(properties)
    print(HEADER.format(version=version), end="")
    for folded, (kept, source) in sorted(rows.items()):
        print(folded, kept, source, sep="\t")


def read_unihan(path: str) -> tuple[dict[str, Variants], str]:
    """Return property → character → set of characters, and the version."""
    properties: dict[str, Variants] = defaultdict(lambda: defaultdict(set))
    version = ""
    with bz2.open(path, "rt", encoding="utf-8") if path.endswith(".bz2") else open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# Unicode version:"):
                version = line.split(":")[1].strip()
            elif line.startswith("U+"):
                code, name, values = line.rstrip("\n").split("\t")
                found = {_character(value.partition("<")[0]) for value in values.split()}
                properties[name][_character(code)] |= found - {_character(code)}
    return properties, version


def pairs(properties: dict[str, Variants]) -> dict[str, tuple[str, str]]:
    """Return folded → (kept, source): the lists first, then what Unihan knows of characters outside JIS X 0208."""
    rows: dict[str, tuple[str, str]] = {}
    for source, text in (("joyo", JOYO), ("jinmei", JINMEI), ("hand", HAND)):
        for kept, *others in text.split():
            for folded in others:
                if unicodedata.normalize("NFKC", folded) == folded != kept:
                    rows.setdefault(folded, (kept, source))
    rows = {folded: (_end(kept, rows), source) for folded, (kept, source) in rows.items()}
    for source, candidates in _unihan_steps(properties):
        new = {}
        for folded in sorted(set(candidates) - set(rows)):
            if _foreign(folded) and (kept := _choice(candidates[folded], rows)):
                new[folded] = (kept, source)
        rows |= new
    return rows


def _unihan_steps(properties: dict[str, Variants]) -> Iterator[tuple[str, Variants]]:
    """Yield which characters each one could be folded to, the surest property first."""
    yield "z", _both_ways(properties["kZVariant"])
    yield "semantic", _both_ways(properties["kSemanticVariant"])
    yield "simplified", properties["kTraditionalVariant"]
    # The way from traditional to simplified is not taken: it joins 錶 with 表 and 麵 with 面. 彥, 產 and the like are in HAND.


def _both_ways(variants: Variants) -> Variants:
    both: Variants = defaultdict(set)
    for one, others in variants.items():
        for other in others:
            both[one].add(other)
            both[other].add(one)
    return both


def _choice(candidates: set[str], rows: dict[str, tuple[str, str]]) -> str:
    """Return the one Japanese character among them; of several, the only one of level 1; else none."""
    ends = {_end(character, rows) for character in candidates}
    ends = {character for character in ends if not _foreign(character)}
    if len(ends) > 1:
        ends = {character for character in ends if _level(character) == 1}
    return ends.pop() if len(ends) == 1 else ""


def _end(character: str, rows: dict[str, tuple[str, str]]) -> str:
    """Follow the pairs to where they lead, so that one look-up is enough."""
    seen = {character}
    while character in rows and (character := rows[character][0]) not in seen:
        seen.add(character)
    return character


def _foreign(character: str) -> bool:
    return _level(unicodedata.normalize("NFKC", character)) == 0


def _level(character: str) -> int:
    """Return 1 or 2, the level of JIS X 0208, 0 for what is not in it."""
    try:
        row = character.encode("iso2022_jp")[3] - 0x20
    except (UnicodeEncodeError, IndexError):
        return 0
    return 1 if row < 48 else 2


def _character(code: str) -> str:
    return chr(int(code.removeprefix("U+"), 16))


if __name__ == "__main__":
    main()
