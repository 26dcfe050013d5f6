"""Every way to look for keywords finds what an oracle finds that knows each character by hand."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.keywords import Few, PrefixTable, Together, TokenSet, index_of, sought
from ticketcore.text import folded, stands_in, words

SPACED = {
    **{char: char for char in "ab9_жيҫ"},
    "A": "a",
    "B": "b",
    "é": "e",
    "ß": "ss",
    "Ж": "ж",
    "Ａ": "a",
    "ﬁ": "fi",
    "ם": "ם",
    "हि": "हि",
    "\u05b8": "\u05b8",
}
"""Letters of scripts with words, and the marks that stand in them, with what they are folded to."""

UNSPACED = {**{char: char for char in "我款退かガไทဗខ한국"}, "ｶ": "カ"}
"""Characters of scripts without."""

OTHER = {**{char: char for char in "-+'.!🎉"}, "　": " ", " ": " ", "\n": " ", "\u00a0": " "}
"""What is in neither."""

FOLDED = {**SPACED, **UNSPACED, **OTHER}
characters = st.sampled_from(sorted(FOLDED))
texts = st.lists(characters, max_size=14).map("".join)
vocabularies = st.lists(st.lists(characters, min_size=1, max_size=4).map("".join), max_size=12)


def parts(text):
    """The text's units: each of the characters above, of which one is two code points."""
    while text:
        unit = next((unit for unit in (text[:2], text[0]) if unit in FOLDED), text[0])
        yield unit
        text = text[len(unit) :]


def plain(text):
    """Folded, on one line; with each character whether it is a letter."""
    pairs = []
    for unit in parts(text):
        pairs += [(char, unit in SPACED) for char in FOLDED.get(unit, unit.lower())]
    line = []
    for pair in pairs:
        if pair[0] != " " or (line and line[-1][0] != " "):
            line.append(pair)
    return line[:-1] if line and line[-1][0] == " " else line


def oracle(keywords, text):
    """Those that stand in the text, looked for at each place of it."""
    line, found = plain(text), set()
    for keyword in keywords:
        wanted = plain(keyword)
        for i in range(len(line) - len(wanted) + 1 if wanted else 0):
            end = i + len(wanted)
            cuts_before = i > 0 and line[i - 1][1] and line[i][1]
            cuts_after = end < len(line) and line[end - 1][1] and line[end][1]
            if line[i:end] == wanted and not cuts_before and not cuts_after:
                found.add("".join(char for char, _ in wanted))
    return found


def automaton(keywords):
    pytest.importorskip("ahocorasick_rs")
    from ticketcore.keywords.automaton import Automaton

    return Automaton(keywords)


def all_few(keywords):
    return Few(filter(None, map(sought, keywords)))


def all_many(keywords):
    known = set(filter(None, map(sought, keywords)))
    worded = {keyword for keyword in known if words(keyword)}
    return Together([TokenSet(worded), PrefixTable(known - worded)], [])


def among_others(keywords):
    """Together with so many others that each kind is looked for as many are."""
    others = [*(f"filler{i}" for i in range(50)), *(f"two fillers{i}" for i in range(50))]
    return index_of([*others, *(chr(0x5000 + i) + chr(0x6000 + i) for i in range(120)), *keywords])


WAYS = [all_few, all_many, among_others, index_of, automaton]


@pytest.mark.parametrize("way", WAYS)
@given(vocabularies, texts)
def test_what_is_found_is_what_the_oracle_finds(way, keywords, text):
    assert set(way(keywords).find(folded(text))) == oracle(keywords, text)


@pytest.mark.parametrize("way", WAYS)
@given(vocabularies, st.lists(texts, max_size=4), st.randoms(use_true_random=False))
def test_what_is_found_in_texts_made_of_keywords(way, keywords, between, random):
    pieces = [*keywords, *between]
    random.shuffle(pieces)
    text = "".join(piece + random.choice(["", " ", "\n", "-"]) for piece in pieces)
    assert set(way(keywords).find(folded(text))) == oracle(keywords, text)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(2))
def test_many_keywords_and_long_texts(way, seed):
    random = Random(f"keywords {seed}")
    letters = "abé жЖ我款退かＡß-"
    keywords = ["".join(random.choices(letters, k=random.randint(1, 5))) for _ in range(200)]
    index = way(keywords)
    for _ in range(4):
        text = "".join(random.choices(letters + "\n", k=300))
        assert set(index.find(folded(text))) == oracle(keywords, text), f"seed {seed}"


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("art", "Modern art.", True),
        ("art", "Please start", False),
        ("art", "arts", False),
        ("art", "cart", False),
        ("art", "start, then art", True),
        ("gold ring", "a Gold Ring!", True),
        ("gold ring", "a gold\n ring", True),
        ("gold ring", "a gold, ring", False),
        ("gold ring", "a gold rings", False),
        ("refund", "Refund!!!", True),
        ("C++", "I write c++ code", True),
        ("C++", "vitamin C", False),
        ("e-mail", "an E-Mail", True),
        ("größe", "GRÖSSE 38", True),
        ("cafe", "Café", True),
        ("ＶＩＰ", "vip", True),
        ("退款", "我要退款,谢谢", True),
        ("款", "我要退款,谢谢", True),
        ("iphone", "我的iPhone壞了", True),
        ("iphone壞了", "我的iPhone壞了", True),
        ("phone壞了", "我的iPhone壞了", False),
        ("ring", "Ring壞了", True),
        ("ガラス", "窓ガラス", True),
        ("カラス", "窓ガラス", False),
        ("환불", "환불을 원해요", True),
        ("кольцо", "Золотое КОЛЬЦО", True),
        ("anillo", "el anillito", False),
        ("a.c", "abc", False),
        ("สวัสดี", "ครับสวัสดีครับ", True),
        ("हिन", "हिन्दी", False),
        ("हिन्दी", "मैं हिन्दी में।", True),
        ("!!!", "now!!!!", True),
        ("🎉", "done🎉", True),
        (" ", "a b", False),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_keywords_of_many_scripts(way, keyword, text, found):
    assert bool(way(["unheard", keyword, "of"]).find(folded(text))) is found
    assert bool(way([keyword]).find(folded(text))) is found


def test_nothing_is_found_of_nothing():
    assert not index_of([]).find("anything")
    assert not index_of(["anything"]).find("")


def test_few_are_looked_for_one_by_one_and_many_by_their_script():
    def kinds(keywords):
        index = index_of(keywords)
        return [[type(part) for part in some] for some in (index.parts, index.beyond_ascii)]

    english, chinese = [f"word{i}" for i in range(100)], [chr(0x4E00 + i) * 2 for i in range(200)]
    assert kinds([*english[:10], *chinese[:10]]) == [[Few], [Few]]
    assert kinds(english) == [[TokenSet], []]
    assert kinds(chinese) == [[], [PrefixTable]]
    assert kinds([*english, *chinese, "?!"]) == [[TokenSet, Few], [PrefixTable]]


def test_how_many_begin_alike_makes_no_difference_to_what_is_found():
    keywords = [f"我要{chr(0x5000 + i)}" for i in range(500)] + [f"order {i}" for i in range(500)]
    index = index_of(keywords)
    assert index.find("我要我要\u5007 order 499, order 1 2") == {"我要\u5007", "order 499", "order 1"}


def test_a_phrase_is_in_a_text_at_any_of_its_places():
    assert stands_in("cart art", "art")
    assert not stands_in("cart arts", "art")
