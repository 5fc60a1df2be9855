"""Cut an archived press release into passages: its headings, datelines, list items and sentences.

The cut is by rules alone, from the lay-out down to the word. The same text always gives the same
spans, in time that grows with the text's length; spans number the passages, so that a change of
these rules changes published names.

1. A blank line ends a passage. A byte order mark before the text counts as white space.
2. Another line break is white space inside a sentence, except before a list item, about a line
   of signs ("-----"), and after a line that is evidently a heading: it opens a unit, has no end
   sign, nothing goes on in lower case behind it, and the next line's first word would have fitted,
   so that the writer broke the line and not its width.
3. Inside such a block a full stop, "?", "!" or ellipsis ends a sentence where white space and a
   possible beginning follow. Closing quotation marks, brackets and note numbers behind it belong
   to the sentence that it ends.
4. A full stop behind an abbreviation, an initial or the number of an item is not an end, unless
   the abbreviation can end a sentence and the next word opens one ("in the U.S. The agency").
5. A quotation or bracket inside a sentence stays whole, even with sentences in it, so that a
   speech keeps its speaker; one that stands alone is cut into its sentences. An opening sign
   that nothing closes in its block counts for nothing.

In doubt two sentences stay together: a passage that is too long still holds the words that state
a fact, one that is too short does not.

What can follow an end, and what can close it, is taken from Unicode Standard Annex 29, rules SB6
to SB11 (https://www.unicode.org/reports/tr29/#Sentence_Boundaries). The words were tried on English
and French treebanks of the Universal Dependencies (https://universaldependencies.org).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from unicodedata import normalize


@dataclass(frozen=True)
class Span:
    """A passage: `text[start:end]`, in code points from 0, without white space at its ends."""

    start: int
    end: int


@dataclass(frozen=True)
class _Language:
    """The words that the rules of one language know.

    A word written here in lower case is known in any case, but not as two capitals: "MS" and "CA"
    are no titles. A word written here with a capital is known as it stands.
    """

    inner: frozenset[str]  # never ends a sentence: titles, "e.g."
    numbered: frozenset[str]  # does not end a sentence before a number: "No. 5"
    either: frozenset[str]  # ends a sentence only before an opener: "Inc.", "Feb."
    openers: frozenset[str]  # words that open sentences
    particles: frozenset[str]  # openers that can also open a surname: "P. Le Guen"
    linking: frozenset[str]  # words that no heading ends with


@dataclass(frozen=True)
class _Stop:
    """A possible end of a sentence: where its sign stands, and where the sentence ends."""

    sign: int
    end: int


@dataclass(frozen=True)
class _Pair:
    """An opening sign, its closing sign, and the last other character before the opening one."""

    opening: int
    closing: int
    before: int


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LANGUAGES = {
    "en": _Language(
        inner=_words(
            "dr drs mr mrs Ms Mx messrs prof profs Asst Rev Hon Gen Col Lt Capt Cmdr Sgt Maj Gov"
            " Sen Rep Pres v vs e.g i.e eg ie viz cf approx ca circa incl esp resp"
        ),
        numbered=_words(
            "No Nos no nos Art art fig figs vol vols p pp ch chap sec sect eq ref refs n c op"
        ),
        either=_words(
            "inc ltd pvt co corp bros plc llc Jr Sr jr sr al St Mt Ft Ave Blvd Rd dept univ inst"
            " assoc assn natl intl govt ed eds est tel ext min max hr hrs Jan Feb Mar Apr Jun Jul"
            " Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun sp spp subsp var"
        ),
        openers=_words(
            "A After All Also Although An And Another As At Because Before Both But By During Each"
            " Early Finally For From Furthermore Given He Her Here His How However If In It Its"
            " Last Many More Moreover Most My No On Once One Or Other Our Over She Since So Some"
            " Such That The Their Then There These They This Those Through Thus To Today Together"
            " Under Until We What When Where Whether While Who Why With You Your"
        ),
        particles=frozenset(),
        linking=_words(
            "a an the and or but nor of in on at by to for from with as into than that which who"
            " between under over its their his her our is are was were be been has have had will"
            " not this these those"
        ),
    ),
    "fr": _Language(
        inner=_words(
            "M MM mr mrs mme mmes mlle mlles dr drs Pr Prs Me Mgr p.ex ex c.-à-d c-à-d càd cf env"
            " av apr v vs i.e e.g ca"
        ),
        numbered=_words("art fig figs vol vols p pp chap ch sect n no nos ann tab réf al par t"),
        either=_words(
            "St Ste Sts bd boul dép dépt adj adm arr cie éd éds ét hab inc ltd al janv févr fév avr"
            " juil juill sept oct nov déc tél min max sté univ suppl Ch Th Ph Cl Fr sp spp subsp"
            " réd trad coll resp"
        ),
        openers=_words(
            "À Ainsi Alors Après Au Aucun Aucune Aussi Autre Autres Aux Avant Avec Car Ce Ceci Cela"
            " Celle Celles Celui Cependant Ces Cet Cette Ceux Chaque C Certains Certaines Comme"
            " Comment D Dans De Depuis Des Donc Du Elle Elles En Enfin Entre Est Et Grâce Il Ils J"
            " Je L La Le Les Leur Leurs Lors Lorsque Mais Mes Mon N Ni Nos Notre Nous On Or Ou Où"
            " Par Parce Parmi Pendant Plus Plusieurs Pour Pourquoi Puis Qu Quand Que Quel Quelle"
            " Qui S Sa Sans Selon Ses Si Son Sous Sur Tous Tout Toute Toutefois Toutes Très Un Une"
            " Vers Voici Voilà Vos Votre Vous Y"
        ),
        particles=_words("La Le De Du D"),
        linking=_words(
            "de du des la le les un une et ou ni mais à au aux en dans sur sous par pour avec sans"
            " entre vers chez que qui dont où ce cet cette ces son sa ses leur leurs est sont a ont"
            " sera seront été ne pas plus"
        ),
    ),
}

_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "“": "”", "‘": "’", '"': '"'}
_OPENING = "\"'“‘„«‹([{¿¡"
_CLOSING = "\"'”’»›)]}"
_ENDING = ".!?…。！？｡؟۔।‽"
_FULL_WIDTH = "。！？｡"
_CONTINUING = ",;:!?)]}»›”’/=%&+-–—"  # no sentence begins with one of these
_HANGING = ",-–—/&+([{«‹“„"  # no heading ends with one of these
_RULED = frozenset("-–—_=*~#·•.")
_NARROWEST = 40  # columns: no press release is wrapped to less
_LONGEST = 40  # characters: no abbreviation is longer

_BREAK = re.compile(r"\r\n|[\n\v\r\x85\u2028\u2029]")
_SIGN = re.compile(f"[{re.escape(_ENDING)}]+")
_PAIRING = re.compile(f"[{re.escape(''.join(_PAIRS) + ''.join(_PAIRS.values()))}]")
_LEAD = re.compile(rf"[\s{re.escape(_OPENING)}]*")
_SPACE = re.compile(r"\s*")
_DASH = re.compile(r"(?:[-–—]\s+)?")
_NOTE = re.compile(
    r"[ \u00a0\u202f]?\[\d{1,3}(?: ?[,–-] ?\d{1,3}){0,9}\]|\(\d{1,2}\)|[¹²³⁰⁴-⁹]{1,3}|\*{1,3}(?=\s)"
)
_LETTER = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]{1,40}")
_NUMBER = re.compile(r"\d|[IVXLC]{2,6}\b|[VX]\b|I(?=[.,;:)])|[LRD]\. ?\d")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?){1,9}[^\W\d_]{1,3}")
_LABEL = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[^\W\d_]|[ivxIVX]{2,5})[.)]\s")
_ITEM = re.compile(
    r"(?P<bullet>[•●▪■◦○‣⁃►➢➤✓✔·]|\*(?=\s))"
    r"|(?P<dash>[-–—](?=\s|[^\W\d_]))"
    r"|\(?(?:(?P<digit>\d{1,2}[.)])|(?P<letter>[a-zA-Z]\))|(?P<roman>[ivxIVX]{2,5}[.)]))"
    r"(?=\s|[^\W\d_])"
)


def cut(text: str, language: str) -> list[Span]:
    """Give the passages of a text in order, with nothing between them but white space.

    `language` is "en" or "fr"; another one raises a ValueError.
    """
    if language not in _LANGUAGES:
        known = ", ".join(sorted(_LANGUAGES))
        raise ValueError(f"cannot cut a text in {language!r}: the languages known are {known}")
    rules = _LANGUAGES[language]
    return [
        Span(block.start + start, block.start + end)
        for lines in _paragraphs(text)
        for block in _blocks(lines, rules)
        for start, end in _sentences(text[block.start : block.end], rules)
    ]


# Lay-out


@dataclass(frozen=True)
class _Line:
    """A line without the white space about it, and where it starts in the text."""

    start: int
    words: str

    @property
    def end(self) -> int:
        return self.start + len(self.words)


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """Give the lines that hold more than white space, in runs without a blank line."""
    run: list[_Line] = []
    for line in _lines(text):
        if line.words:
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _lines(text: str) -> Iterator[_Line]:
    start = 1 if text.startswith("\ufeff") else 0
    for end, following in [*(match.span() for match in _BREAK.finditer(text)), (len(text),) * 2]:
        line = text[start:end].rstrip()
        words = line.lstrip()
        yield _Line(start + len(line) - len(words), words)
        start = following


def _blocks(lines: list[_Line], rules: _Language) -> Iterator[Span]:
    """Join the lines of a paragraph, but for those that stand by themselves."""
    width = max([_NARROWEST, *(len(line.words) for line in lines)])
    items = [_item(line.words) for line in lines]
    siblings = Counter(items)
    start, fresh = lines[0].start, True  # fresh: the line opens a unit
    for line, after, item in zip(lines, lines[1:], items[1:], strict=False):
        ended = _ends(line.words, rules)
        if (
            _is_ruled(line.words)
            or _is_ruled(after.words)
            or _is_item(item, siblings, ended or line.words[-1] in ":;")
            or (fresh and not ended and _is_heading(line.words, after.words, width, rules))
        ):
            yield Span(start, line.end)
            start, fresh = after.start, True
        else:
            fresh = ended
    yield Span(start, lines[-1].end)


def _item(line: str) -> str:
    """Name the kind of list item that a line opens, or give an empty text."""
    match = _ITEM.match(line)
    if not match:
        return ""
    return "bullet" if match["bullet"] else f"{match.lastgroup} {match.group()[-1]}"


def _is_item(item: str, siblings: Counter[str], ended: bool) -> bool:
    """Tell an item from wrapped text: a bullet is sure, other signs need a sibling or a lead."""
    return item == "bullet" or (item != "" and (ended or siblings[item] > 1))


def _is_ruled(line: str) -> bool:
    signs = "".join(line.split())
    return len(signs) > 2 and _RULED.issuperset(signs)


def _ends(line: str, rules: _Language) -> bool:
    """Tell whether a line ends with an end sign, not counting the one of "About Acme Inc."."""
    words = line.rstrip(_CLOSING + " \u00a0\u202f")
    if not words or words[-1] not in _ENDING:
        return False
    return not _knows(rules.either, _word_before(words, len(words) - 1))


def _is_heading(line: str, after: str, width: int, rules: _Language) -> bool:
    """Tell whether the writer ended a line that has no end sign."""
    last = line.split()[-1]
    item = _item(after) != ""
    first = after.split(maxsplit=2)[: 2 if item else 1]
    return (
        len(line) + 1 + len(" ".join(first)) <= width
        and last not in rules.linking
        and last[-1] not in _HANGING
        and (_item(line) != "" or _can_begin(line, _skip(_LEAD, line, 0)))
        and (item or _can_begin(after, _skip(_LEAD, after, 0)))
    )


# Words that tell whether a full stop ends a sentence


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Give the place behind a pattern, if it is there."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _can_begin(text: str, at: int) -> bool:
    """Rule out joining signs and words in lower case; "iPhone" can begin a sentence."""
    if at == len(text) or text[at] in _CONTINUING:
        return False
    word = _WORD.match(text, at)
    return not (word and word.group().islower())


def _word_before(text: str, sign: int) -> str:
    """Give what stands between white space, or an elision ("l'art."), and a sign."""
    word = re.split(r"[\s'’]", text[max(0, sign - _LONGEST) : sign])[-1]
    return normalize("NFC", word.lstrip(_OPENING))


def _knows(words: frozenset[str], word: str) -> bool:
    capitals = len(word) == 2 and word.isupper()
    return word in words or (not capitals and word.lower() in words)


def _is_abbreviation(word: str, text: str, at: int, rules: _Language) -> bool:
    """Tell whether the full stop behind a word belongs to it, seeing what follows at `at`."""
    if _knows(rules.inner, word):
        return True
    if _knows(rules.numbered, word) and _NUMBER.match(text, at):
        return True
    initials = _DOTTED.fullmatch(word) is not None or (len(word) == 1 and word.isupper())
    return (initials or _knows(rules.either, word)) and not _opens(text, at, initials, rules)


def _opens(text: str, at: int, initials: bool, rules: _Language) -> bool:
    """Tell whether a word opens a sentence, and is no further initial nor part of a surname."""
    word = _WORD.match(text, at)
    if not word or word.group() not in rules.openers:
        return False
    following = text[word.end() : word.end() + 3]
    if initials and word.group() in rules.particles:
        return not following.lstrip("'’ \u00a0\u202f\r\n")[:1].isupper()
    return len(word.group()) > 1 or not following.startswith(".")


# Sentences of a block


def _sentences(text: str, rules: _Language) -> Iterator[tuple[int, int]]:
    """Cut a block at the ends of its sentences."""
    head = max(_skip(_LABEL, text, 0), _skip(_ITEM, text, 0))
    last = len(text) - 1 - _letter(text[::-1], 0)  # signs behind the last letter are no sentence
    pairs = _pairs(text, head)
    stops = _stops(text, head, last, {pair.closing for pair in pairs}, rules)
    start = 0
    for end in [*_outside(head, last, stops, pairs), len(text)]:
        yield start, end
        start = _skip(_SPACE, text, end)


def _stops(text: str, head: int, last: int, closings: set[int], rules: _Language) -> list[_Stop]:
    """Find the ends of sentences, in quotations or not, each with a letter or digit about it."""
    found = []
    letter = _letter(text, head)
    for sign in _SIGN.finditer(text, head, last):
        end = _tail(text, sign.end(), closings)
        following = _skip(_LEAD, text, end)
        if (
            letter < sign.start()
            and following <= last
            and _is_end(text, sign, end, following, rules)
        ):
            found.append(_Stop(sign.start(), end))
            letter = _letter(text, end)
    return found


def _letter(text: str, at: int) -> int:
    """Give the place of the next letter or digit."""
    match = _LETTER.search(text, at)
    return match.start() if match else len(text)


def _tail(text: str, at: int, closings: set[int]) -> int:
    """Pass over what closes a sentence behind its sign: quotation marks, brackets, notes."""
    while at < len(text):
        note = _NOTE.match(text, at)
        gap = _skip(_SPACE, text, at)
        if note:
            at = note.end()
        elif text[at] in _CLOSING:
            at += 1
        elif text[gap] in "»›" or gap in closings:
            at = gap + 1
        else:
            break
    return at


def _is_end(text: str, sign: re.Match[str], end: int, following: int, rules: _Language) -> bool:
    """Tell whether a sign with its tail up to `end` ends a sentence, before text at `following`."""
    if not text[end].isspace() and sign.group()[-1] not in _FULL_WIDTH:
        return False
    bare = end == sign.end()
    begins = _can_begin(text, _skip(_DASH, text, following) if bare else following)
    if sign.group() == ".":
        word = _word_before(text, sign.start())
        if begins:
            return not _is_abbreviation(word, text, following, rules)
        return bare and _ends_before_lower(word, text, following, rules)
    if not sign.group().strip(".…"):
        elided = text[sign.start() - 1] in "[("
        return begins and not elided and not text[following].isdigit()
    return begins


def _ends_before_lower(word: str, text: str, following: int, rules: _Language) -> bool:
    """Tell whether a word is too long and plain for an abbreviation: a stop before "adidas"."""
    return (
        text[following].islower()
        and len(word) > 4
        and word.isalpha()
        and word.islower()
        and not _is_abbreviation(word, text, following, rules)
    )


# Quotations and brackets of a block


def _pairs(text: str, head: int) -> list[_Pair]:
    """Pair the opening and closing signs, in the order of the opening ones."""
    pairs: list[_Pair] = []
    opened: list[_Pair] = []  # not closed so far
    awaited: Counter[str] = Counter()
    before, seen = -1, head
    for match in _PAIRING.finditer(text, head):
        at, sign = match.start(), match.group()
        between = text[seen:at].rstrip()
        before = seen + len(between) - 1 if between else before
        seen = at + 1
        if awaited[sign] and _can_close(text, at):
            pairs.append(_closed(text, opened, awaited, at))
        elif sign in _PAIRS and _can_open(text, at):
            opened.append(_Pair(at, -1, before))
            awaited[_PAIRS[sign]] += 1
            continue
        before = at
    return sorted(pairs, key=lambda pair: pair.opening)


def _closed(text: str, opened: list[_Pair], awaited: Counter[str], at: int) -> _Pair:
    """Close the last sign that awaits the one at `at`; those opened since count for nothing."""
    while True:
        pair = opened.pop()
        closing = _PAIRS[text[pair.opening]]
        awaited[closing] -= 1
        if closing == text[at]:
            return replace(pair, closing=at)


def _can_close(text: str, at: int) -> bool:
    """Tell a closing quotation mark from one that opens, and from an apostrophe."""
    before_word = text[at + 1 : at + 2].isalnum()
    if text[at] == '"':
        return not text[at - 1].isspace() or not before_word
    return text[at] != "’" or not before_word


def _can_open(text: str, at: int) -> bool:
    """Tell an opening straight quote from the sign of a length (5")."""
    before = text[at - 1] if at else " "
    return text[at] != '"' or before.isspace() or before in _OPENING + "’-–—/"


def _outside(head: int, last: int, stops: list[_Stop], pairs: list[_Pair]) -> list[int]:
    """Give the ends of the stops that no quotation or bracket inside a sentence holds."""
    ends = [stop.end for stop in stops]
    kept = [True] * len(ends)
    held = -1  # what lies before this place is settled
    for pair in pairs:
        if pair.opening < held:
            continue
        first, past = bisect_right(ends, pair.opening), bisect_right(ends, pair.closing)
        opens = pair.before < (ends[first - 1] if first else head)
        closes = pair.closing > last or (past < len(stops) and stops[past].sign <= pair.closing + 1)
        if not (opens and closes):
            kept[first:past] = [False] * (past - first)
            held = pair.closing
    return [end for end, keep in zip(ends, kept, strict=True) if keep]
