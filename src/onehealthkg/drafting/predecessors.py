"""The agreements before the one that a text announces: *their first agreement, signed in 2012*.

Nearly all wordings have a year, as only a dated agreement can be told from this one.
"""

from __future__ import annotations

import re

from onehealthkg.naming.document import ABOUT, CAPTION, Document
from onehealthkg.naming.words import END, pattern
from onehealthkg.reading.mention import DATE

_NOUN = r"(?:<agreement_nouns>|understanding)(?!\w)"
_YEAR = r"(?:19|20)\d\d(?!\w)"
_WHICH = r"(?:which (?:was |had been )|qui (?:avait été |a été |était ))?"
_DATED = rf"[^.,;]{{0,60}}?,? ?{_WHICH}(?:<written_in>)\s[^.,;]{{0,40}}?{_YEAR}"
_MADE = r"<sign_verbs|make_verbs>(?!\w)"
_THE = r"(?:<definite>\s?)"
_WORDINGS = (
    rf"(?:<earlier>) (?:[\w'-]+ ){{0,3}}?{_NOUN}{_DATED}",  # the first agreement, signed in 2012
    rf"(?:<follows>){END} (?:[\w'-]+ ){{0,4}}?{_NOUN}{_DATED}",  # replaces the pact of 2012
    # replaces the one from 2012
    rf"(?:<follows>){END} (?:the one|those|that|ce(?:lui|lle|ux|lles)(?:-là)?) (?:<written_in>)"
    rf"[^.;,]{{0,20}}?{_YEAR}",
    # replaces one in force since 2013
    rf"(?:<follows>){END} (?:à |from |on )?(?:the |that |one|ce(?:lui|lle))[^.,;]{{0,12}}?"
    rf"\s(?:that|qui|in force|de) [^.,;]{{0,40}}?{_YEAR}",
    # the previous memorandum (2018-2022)
    rf"(?:<earlier>) {_NOUN} \({_YEAR}[-–/]{_YEAR}\)",
    # a first memorandum, on rabies only, was signed in 2015
    rf"(?:<earlier>) (?:[\w'-]+ ){{0,2}}?{_NOUN}[^.;]{{0,70}}?\s{_MADE}"
    rf" (?:<in_year>|on|le)[^.;]{{0,14}}?{_YEAR}",
    # the first was signed in 2012, the previous one, concluded in 2012
    rf"(?:the|le|la) (?:<earlier>)(?: one)?,? (?:was |had been |avait été |a été )?(?:<written_in>)"
    rf"\s[^.;,]{{0,14}}?{_YEAR}",
    # had already concluded an agreement in 2011
    rf"<past_perfect> (?:[a-zé]+ )?{_MADE} (?:an?|une?|leur|their) (?:[\w'-]+ ){{0,2}}?{_NOUN}"
    rf"[^.;]{{0,30}}?{_YEAR}",
    rf"(?:<follows>){END} (?:<articles>\s)?{_YEAR} (?:[\w'-]+ ){{0,3}}?{_NOUN}",  # their 2012 pact
    # an addendum to the agreement of 5 May 2012
    rf"(?:<amendments>){END} {_THE}(?:[\w'-]+ )?{_NOUN}(?: [a-zé]+){{0,3}}"
    rf" (?:<written_in>|du|signed on|signée? le)[^.;,]{{0,20}}?{_YEAR}",
    # the agreement that they had signed in 2012
    rf"{_THE}{_NOUN} [^.;]{{0,80}}?<past_perfect> (?:[a-zé]+ )?<sign_verbs|make_verbs>(?!\w)"
    rf"[^.;]{{0,30}}?{_YEAR}",
    # the agreement in place since 2012
    rf"{_THE}(?:[\w'-]+ ){{0,2}}?{_NOUN}(?: <old_since>)(?: [\w'-]+){{0,4}}? ?{_YEAR}",
    # in 2012 a first agreement
    rf"(?:<in_year>) ?{_YEAR},? (?:<articles>\s?)(?:<earlier>) {_NOUN}",
    # the agreement between X and Y, which dates back to 1983
    rf"{_THE}(?:[\w'-]+ ){{0,2}}?{_NOUN} (?:between|among|entre) [^.;]{{3,160}}?,?"
    rf" (?:which|that|qui) (?:<dates_back>)[^.;]{{0,20}}?{_YEAR}",
    rf"(?:an?|une?) <similar> {_NOUN} (?:<written_in>)\s[^.,;]{{0,12}}?{_YEAR}",
    rf"(?:<possessives>) (?:[\w'-]+ )?{_NOUN}(?: [\w'-]+)?, (?:<finished>)(?!\w)",
)


def predecessors(document: Document, signed: set[str]) -> list[tuple[int, int]]:
    """The places where a text names an earlier agreement: *their first agreement*.

    An agreement ``signed`` on the days of the new one is that one.
    """
    form = pattern(document.language, rf"(?<!\w)(?:{'|'.join(_WORDINGS)})", re.I)
    led_by = rf"(?:<follows>|<amendments>|<past_perfect> (?:[a-zé]+ )?{_MADE}){END}\s?(?:on |by )?"
    verb = pattern(document.language, led_by, re.I)

    def begins(match: re.Match[str]) -> int:
        led = verb.match(match[0])
        return match.start() + (led.end() if led and led.end() < len(match[0]) else 0)

    return [
        (passage.start + begins(match), passage.start + match.end())
        for passage in document.passages
        if passage.role not in (ABOUT, CAPTION)
        for match in form.finditer(passage.text)
        if not signed.intersection(
            mention.value.value
            for mention in document.named(
                passage.start + match.start(), passage.start + match.end(), DATE
            )
        )
    ]
