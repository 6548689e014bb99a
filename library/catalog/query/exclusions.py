"""除く: words with a minus before them in the one box, 銀河 -鉄道."""

MINUS = "-－−"  # as keyboards and input methods write it


def split(text: str) -> tuple[str, list[str]]:
    """Return the text to look for, and the excluded words without their minus, each once.

    A minus excludes after a space and before a letter. It doesn't at the beginning of the text, nor around a subtitle:
    星の王子さま -Le Petit Prince-.
    """
    words = text.split()
    if not words or words[0][0] in MINUS:
        return text, []
    sought, left_out, at = [], [], 0
    while at < len(words):
        end = _end_of_subtitle(words, at)
        if end == at and _excludes(words[at]):
            left_out.append(words[at][1:])
        else:
            sought += words[at : end + 1]
        at = end + 1
    return (" ".join(sought), list(dict.fromkeys(left_out))) if left_out else (text, [])


def _excludes(word: str) -> bool:
    return word[0] in MINUS and word[1:2].isalpha() and word[-1] not in MINUS


def _end_of_subtitle(words: list[str], at: int) -> int:
    """Return the index of the last word of the subtitle between two signs that begins at this word; ``at`` when none
    begins here.
    """
    if words[at][0] in MINUS:
        for end in range(at, len(words)):
            if end > at and words[end][0] in MINUS:
                break
            if words[end][-1] in MINUS and len(words[end]) > 1:
                return end
    return at
