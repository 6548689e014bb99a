"""Make library/access/common_passwords.txt: passwords that a guesser tries first, folded, eight characters or longer.

The English part is the frequency list of the zxcvbn package (MIT), most common first, cut at ENGLISH; the Japanese
part are words that people here choose, with the endings that they add. Run again with zxcvbn installed:

    python scripts/common_passwords.py
"""

from collections.abc import Iterator
from pathlib import Path

from zxcvbn.frequency_lists import FREQUENCY_LISTS

ENGLISH = 4000
SHORTEST = 8
OUTPUT = Path(__file__).resolve().parent.parent / "library" / "access" / "common_passwords.txt"
WORDS = """
toshokan tosyokan librarycard library madoguchi mylibrary riyousha kashidashi dokusho yomikikase ehon hondana
arigatou arigato konnichiwa konnitiwa ohayou sayonara nihon nippon japan tokyo osaka kyoto kumamoto fukuoka hokkaido
sakura himawari tanpopo kirakira doraemon pikachu pokemon totoro nausicaa anpanman onepiece naruto dragonball
watashi anata aishiteru daisuki suki tomodachi kazoku okaasan otousan oneesan oniisan obaachan ojiichan akachan
inu neko usagi koinu koneko penguin momotaro urashima kaguyahime soccer yakyuu baseball tigers giants hawks
kirei kawaii happy lucky smile love peace angel star moon hikari sora umi yama kawa hana yuki haru natsu aki fuyu
password passward passwd pasuwado pasuwaado himitsu ninja samurai sushi ramen gohan misosoru qwerty asdfgh
hello computer internet freedom starwars summer winter chocolate cookie kitty flower yokohama nagoya sapporo sendai
iloveyou princess sunshine football welcome letmein monkey dragon master shadow superman batman michael
satou suzuki takahashi tanaka watanabe itou yamamoto nakamura kobayashi katou yoshida yamada sasaki
としょかん ぱすわーど ありがとう さくら ひみつ だいすき 図書館 熊本 東京 日本 暗証番号 利用者番号
""".split()
ENDINGS = ["", "1", "0", "01", "11", "12", "123", "1234", "12345", "123456", "00", "000", "777", "2020", "2021", "2022",
           "2023", "2024", "2025", "2026", "2027", "123456789", "1234567890", "0123", "0123456789"]  # fmt: skip
ROWS = ["1234567890", "0123456789", "9876543210", "0987654321", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop",
        "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv", "あいうえおかきくけこさしすせそ", "アイウエオ", "いろはにほへとちりぬるを"]  # fmt: skip


def listed() -> Iterator[str]:
    english = (
        [word for word, _ in sorted(FREQUENCY_LISTS["passwords"].items(), key=lambda pair: pair[1])]
        if isinstance(FREQUENCY_LISTS["passwords"], dict)
        else list(FREQUENCY_LISTS["passwords"])
    )
    yield from [word for word in english if len(word) >= SHORTEST][:ENGLISH]
    for word in WORDS:
        yield from (word + ending for ending in ENDINGS)
        yield word * 2
        yield word * 3
    for row in ROWS:
        yield from (row[:length] for length in range(SHORTEST, len(row) + 1))
        yield from (row[:part] * 2 for part in range(4, len(row) + 1))
        yield row[:5] * 3
    for letter in "0123456789abcdefghijklmnopqrstuvwxyzあ":
        yield from (letter * length for length in range(SHORTEST, 17))


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(OUTPUT.parent.parent))
    from library.access.passwords import _bare

    words = sorted(
        {bare for word in listed() if len(bare := _bare(word)) >= SHORTEST or (len(bare) >= 4 and not bare.isascii())}
    )
    OUTPUT.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(len(words))
