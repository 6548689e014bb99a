"""除く: words with a minus before them in the one box, 銀河 -鉄道."""

MINUS = "-－−"  # as keyboards and input methods write it


def parted(text: str) -> tuple[str, list[str]]:
    """Return what is looked for, and the words that are left out, each once.

    A minus counts after a space and before a letter. A text that begins with one is text, and so is a subtitle between two
    of them: 星の王子さま -Le Petit Prince-.
    """
    words = text.split()
    if not words or words[0][0] in MINUS:
        return text, []
    sought, left_out, at = [], [], 0
    while at < len(words):
        end = _closed(words, at)
        if end == at and _excludes(words[at]):
            left_out.append(words[at][1:])
        else:
            sought += words[at : end + 1]
        at = end + 1
    return (" ".join(sought), list(dict.fromkeys(left_out))) if left_out else (text, [])


def _excludes(word: str) -> bool:
    return word[0] in MINUS and word[1:2].isalpha() and word[-1] not in MINUS


def _closed(words: list[str], at: int) -> int:
    """Return where a subtitle between two signs that begins here ends; the place itself where none begins."""
    if words[at][0] in MINUS:
        for end in range(at, len(words)):
            if end > at and words[end][0] in MINUS:
                break
            if words[end][-1] in MINUS and len(words[end]) > 1:
                return end
    return at
