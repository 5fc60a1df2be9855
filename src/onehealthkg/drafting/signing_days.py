"""The days on which agreements were signed.

The date of signature is a date next to the verb of signing, or the date of the dateline if the
text says *today*; the date of publication does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from onehealthkg.drafting.acts import Act
from onehealthkg.drafting.lasting import Said, is_end, period
from onehealthkg.naming.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    HEADING,
    TITLE,
    Document,
)
from onehealthkg.naming.words import END, WEEKDAYS, pattern, words
from onehealthkg.reading.mention import DATE, Mention

_DATELINE = re.compile(r"[^.!?]{0,60}$")
_BEHIND_DATELINE = re.compile(r"\)?(?: ?\([^()]{2,40}\))?\s*[–—:|-]\s|\)\s")
_AMBIGUOUS = re.compile(r"(?:0?\d|1[0-2])[/.](?:0?\d|1[0-2])[/.]\d{2,4}")  # 10/04/2012
_DAYS_OF_LATE_NEWS = 400


def dateline(document: Document) -> Mention | None:
    """The date at the head of a text: a line of its own, or before a dash in the first line."""
    for passage in document.passages[:6]:
        for mention in document.named(passage.start, passage.end, DATE):
            behind = document.text[mention.end : passage.end]
            leads = passage.role == DATELINE or (
                _BEHIND_DATELINE.match(behind)
                and _DATELINE.fullmatch(document.text, passage.start, mention.start)
            )
            if leads and "-" in mention.value.value:
                return mention
    return None


def signed(document: Document, acts: Sequence[Act], published: str) -> list[Said]:
    """The dates of signature, ``2024-06-17`` or ``2024-06``, each once: one for each agreement."""
    found: dict[str, Said] = {}
    for said in _signings(document, acts, published):
        found.setdefault(said.value, said)
    return list(found.values())


def _signings(document: Document, acts: Sequence[Act], published: str) -> Iterator[Said]:
    head = dateline(document)
    lasting = period(document, acts) or ()
    dated = False
    for act in acts:
        if act.passage.role in (CAPTION, ABOUT) or _is_to_come(document, act):
            continue
        for mention in document.named(act.passage.start, act.passage.end, DATE):
            in_period = mention.start in (place.start for place in lasting)
            if mention != head and not in_period and _is_of_act(document, act, mention):
                value = _with_year(
                    document, mention, published or (head.value.value if head else "")
                )
                if value and (not dated or act.signs):
                    dated = True
                    yield Said(mention.start, mention.end, value)
                    break
    full = head and re.fullmatch(r"\d{4}-\d\d-\d\d", head.value.value)
    said = _from_dateline(document, acts, date.fromisoformat(full[0])) if full else None
    if said and not dated:
        yield said


def _from_dateline(document: Document, acts: Sequence[Act], head: date) -> Said | None:
    """A day relative to the dateline: *today*, *yesterday*, *on Tuesday*."""
    for act in acts:
        if act.passage.role in (CAPTION, ABOUT, TITLE, HEADING) or _is_to_come(document, act):
            continue
        for key in ("today", "yesterday", "on_weekday"):
            told = words(document.language, key).search(
                document.text, act.passage.start, act.passage.end
            )
            if told and not _is_dated(document, told.end()) and not _announces(document, told):
                back = {"today": 0, "yesterday": 1}.get(key, -1)
                if back < 0:
                    back = (head.weekday() - _weekday(told[0], document.language)) % 7
                return Said(*told.span(), (head - timedelta(days=back)).isoformat())
    return None


def _announces(document: Document, told: re.Match[str]) -> bool:
    """Whether a day is that of the news, and not of the act: *today announced that*."""
    text, language = document.text, document.language
    behind = pattern(language, r"\s<announcing>(?!\w)", re.I).match(text, told.end())
    ahead = pattern(language, r"(?<!\w)<announcing>\s$", re.I).search(
        text, max(0, told.start() - 30), told.start()
    )
    return bool(behind or ahead)


def _is_dated(document: Document, place: int) -> bool:
    """Whether a weekday is part of the date that follows it."""
    return any(
        mention.start - place in range(-2, 8)
        for mention in document.named(place - 2, place + 8, DATE)
    )


def _weekday(words_: str, language: str) -> int:
    """The number of the weekday in some words, 0 for Monday."""
    return next(number for number, day in enumerate(WEEKDAYS[language]) if day in words_.lower())


def _is_to_come(document: Document, act: Act) -> bool:
    """Whether an act is still to come: *will sign*, *are to sign*."""
    if act.planned:
        return True
    before = document.text[max(act.passage.start, act.start - 40) : act.start]
    verb = document.text[act.start : act.end]
    ahead = document.text[act.passage.start : act.start]
    if pattern(document.language, r"(?<!\w)<gathered>(?!\w)[^;:]*$", re.I).search(ahead):
        return False  # met in Osaka on 4 May to sign
    return bool(
        words(document.language, "future").fullmatch(verb)
        or pattern(document.language, rf"(?<!\w)<future>{END}[\s\w]{{0,12}}$", re.I).search(before)
    )


def _is_of_act(document: Document, act: Act, mention: Mention) -> bool:
    """Whether a date is the date of an act: near its verb, and not about something else."""
    text, language = document.text, document.language
    if "-" not in mention.value.value or (act.passage.role in (TITLE, HEADING) and not act.signs):
        return False
    if language == "en" and _AMBIGUOUS.fullmatch(text[mention.start : mention.end]):
        return False
    before = text[act.passage.start : mention.start]
    clause = re.split(r"[;:(]|, (?:which|who|and|et|qui) ", before)[-1]
    ceremony = pattern(language, r"(?<!\w)<ceremonies>(?!\w)[^.;:]*$", re.I).search(clause[-60:])
    other = words(language, "not_signing").search(clause[-32:])
    if (other and not ceremony) or is_end(document, before):
        return False
    of_earlier = r"(?<!\w)(?:<possessives>|<amendments>[^,.;]{1,30}?)"
    dated = (
        r"<agreement_nouns>(?: [a-zé]+){0,2} (?:of|dated|du|de|en date du|signée? le|signed on) $"
    )
    if pattern(language, rf"{of_earlier} {dated}", re.I).search(clause):
        return False  # acceded to their agreement of 4 March 2021
    first, last = sorted(((act.start, act.end), (mention.start, mention.end)))
    between = text[first[1] : last[0]]
    if ";" in between or _is_of_news(document, act, mention, between):
        return False
    if _is_of_renewed(document, act, mention):
        return False
    if (
        words(language, "earlier").search(text, max(act.passage.start, act.start - 40), act.start)
        and mention.start > act.end
    ):
        return False
    if mention.start > act.end and words(language, "speaks").search(between):
        return False
    return len(between) < 220 and not words(language, "not_signing").search(
        between[-28:] if mention.start > act.start else ""
    )


def _is_of_news(document: Document, act: Act, mention: Mention, between: str) -> bool:
    """Whether a date is that of the news: *On 3 May, X announced that it has signed*."""
    language = document.language
    announcing = words(language, "announcing")
    if announcing.fullmatch(document.text, act.start, act.end):
        return True
    that = pattern(language, r"(?<!\w)<announcing> (?:today )?(?:that |qu(?:e |'))", re.I)
    ahead = mention.end <= act.start and that.search(between)
    led = pattern(language, r"(?<!\w)<announcing> (?:on|le) (?:[a-z]+,? )?$", re.I)
    when = pattern(language, r",?\s(?:when|lorsque|où)\s", re.I).match(between)
    news = led.search(document.text[act.passage.start : mention.start]) and not when
    return bool(ahead or news)


def _is_of_renewed(document: Document, act: Act, mention: Mention) -> bool:
    """Whether a date is that of an agreement now renewed: *first signed in 2017*."""
    language = document.language
    before = document.text[act.passage.start : mention.start]
    made = r"<sign_verbs|make_verbs>(?: [^.,;]{3,40})? (?:in|on|of|dated|en|le|du) ?$"
    first = rf"(?<!\w)(?:first|originally|initially|since|depuis|initialement) [^.;]{{0,40}}?{made}"
    if pattern(language, first, re.I).search(before):
        return True
    named = pattern(language, rf"(?<!\w)<agreement_nouns> (?:[a-zé]+ ){{0,2}}{made}", re.I)
    passages = document.passages[act.passage.number - 1 : act.passage.number + 1]
    since = words(language, "renewed_since")
    return bool(
        named.search(before)
        and since.search(document.text, mention.end, max(mention.end, passages[-1].end))
    )


def _with_year(document: Document, mention: Mention, published: str) -> str:
    """The date, with the year of publication if it has no year; empty if no year fits.

    The day must not be after the publication, and must be the weekday that the text gives.
    """
    value = mention.value.value
    if _is_one_of_two(document, mention):
        value = value[:-3]  # on 3 and 4 March
    if not value.startswith("--"):
        return value
    if not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", published):
        return ""
    for year in (int(published[:4]), int(published[:4]) - 1):
        full = f"{year}{value[1:]}"
        if full[: len(published)] <= published and _fits_weekday(document, mention, full):
            return full
    return ""


def _is_one_of_two(document: Document, mention: Mention) -> bool:
    """Whether a day is one of two, or the first or last of several: *on 3 and 4 March*."""
    text = document.text
    joins = r"\s?(?:and|et|to|au|[-–])\s?"
    ahead = re.search(
        rf"(?<![\w-])\d{{1,2}}{joins}$", text[max(0, mention.start - 8) : mention.start]
    )
    behind = re.match(rf"{joins}\d{{1,2}}(?!\d)", text[mention.end :])
    inside = re.match(rf"\d{{1,2}}{joins}\d{{1,2}}(?!\d)", text[mention.start : mention.end])
    is_day = re.search(r"-\d\d-\d\d$", mention.value.value)
    return bool(is_day and (ahead or behind or inside))


def _fits_weekday(document: Document, mention: Mention, full: str) -> bool:
    named = [
        number
        for number, day in enumerate(WEEKDAYS[document.language])
        if re.search(
            rf"{day},? (?:the )?(?:le )?$",
            document.text[max(0, mention.start - 16) : mention.start].lower(),
        )
    ]
    try:
        day = date.fromisoformat(full)
    except ValueError:
        return not named and len(full) == 7
    return not named or day.weekday() == named[0]
