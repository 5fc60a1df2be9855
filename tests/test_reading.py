"""The mentions that the reader finds in a text: values and names, with their offsets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.names import ID
from onehealthkg.paths import bundled
from onehealthkg.reading.characters import plain
from onehealthkg.reading.inflection import singular
from onehealthkg.reading.lookup import ORGANISATION, WORD, Label
from onehealthkg.reading.mention import AMOUNT, DATE, DURATION, NAME, NUMBER
from onehealthkg.reading.names import Names, names_of
from onehealthkg.reading.read import introduced, quoted, read

SOURCE = Path(bundled().root, "data", "sources", "2020-02-05-anses-inserm.txt")


def found(text: str, kind: str, language: str = "en", names: Names | None = None) -> list[str]:
    mentions = read(text, language, names) if names else read(text, language)
    return [
        f"{text[one.start : one.end]} = {one.value.value} {one.currency}".strip()
        for one in mentions
        if one.kind == kind
    ]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("from 5 to 7 March 2020", ["5 = 2020-03-05", "7 March 2020 = 2020-03-07"]),
        ("5, 6 and 7 May 2020", ["5 = 2020-05-05", "6 = 2020-05-06", "7 May 2020 = 2020-05-07"]),
        ("March 5 and 6, 2020", ["March 5 = 2020-03-05", "6, 2020 = 2020-03-06"]),
        ("2 June to 3 July 2021", ["2 June = 2021-06-02", "3 July 2021 = 2021-07-03"]),
        ("02/25/2020 or 05/02/2020", ["02/25/2020 = 2020-02-25", "05/02/2020 = 2020-02-05"]),
        ("on 3 February", ["3 February = --02-03"]),
        ("in May", ["May = --05"]),
        ("it may; the 31 April 2020", ["2020 = 2020"]),
        ("2018-20", ["2018 = 2018", "20 = 2020"]),
        ("1\u00ad0 Feb\u00adruary\u00a02020", ["1\u00ad0 Feb\u00adruary\u00a02020 = 2020-02-10"]),
    ],
)
def test_dates_are_read_with_their_places(text: str, dates: list[str]) -> None:
    assert found(text, DATE) == dates


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "one hundred and five", ["one hundred and five = 105"]),
        ("en", "two and three", ["two = 2", "three = 3"]),
        ("en", "1,964,000 and 3.25", ["1,964,000 = 1964000", "3.25 = 3.25"]),
        ("en", "H5N1, CO2 and 2½", ["2½ = 2.5"]),
        ("en", "10⁶ cells, 2020¹", ["10⁶ = 1000000", "2020 = 2020"]),
        ("fr", "quatre-vingt-dix-sept", ["quatre-vingt-dix-sept = 97"]),
        ("fr", "soixante et onze ou vingt et un", ["soixante et onze = 71", "vingt et un = 21"]),
        ("fr", "mille neuf cent soixante-quatre", ["mille neuf cent soixante-quatre = 1964"]),
        ("fr", "1 000 000 et 2,5", ["1 000 000 = 1000000", "2,5 = 2.5"]),
        ("fr", "un million et demi", ["un million et demi = 1500000"]),
    ],
)
def test_numbers_are_read_whole(language: str, text: str, numbers: list[str]) -> None:
    assert found(text, NUMBER, language) == numbers


@pytest.mark.parametrize(
    ("language", "text", "amounts"),
    [
        ("en", "€2.5 million", ["€2.5 million = 2500000 EUR"]),
        ("en", "half a million euros", ["half a million euros = 500000 EUR"]),
        ("en", "a quarter of a million euros", ["a quarter of a million euros = 250000 EUR"]),
        ("en", "two and a half million euros", ["two and a half million euros = 2500000 EUR"]),
        ("en", "half of the 10 million euros", ["10 million euros = 10000000 EUR"]),
        ("fr", "un million et demi d'euros", ["un million et demi d'euros = 1500000 EUR"]),
        ("en", "US$ 2 billion and EUR 300,000", ["US$ 2 billion = 2000000000 USD", "EUR 300,000 = 300000 EUR"]),
        ("en", "5 metres", []),
        ("fr", "11 millions d'euros", ["11 millions d'euros = 11000000 EUR"]),
        ("fr", "5 M€ ou 300 k€", ["5 M€ = 5000000 EUR", "300 k€ = 300000 EUR"]),
    ],
)  # fmt: skip
def test_amounts_have_their_currency(language: str, text: str, amounts: list[str]) -> None:
    assert found(text, AMOUNT, language) == amounts


def test_lengths_of_time_are_in_months_and_days() -> None:
    text = "One year, six months and ten days, then a fortnightly review for half a year."
    assert found(text, DURATION) == [
        "One year, six months and ten days = P18M10D",
        "half a year = P6M",
    ]


def test_a_text_in_an_unknown_language_is_read_in_both() -> None:
    assert found("5 mars 2020, five years, cinq ans", DATE, "")[0] == "5 mars 2020 = 2020-03-05"
    assert found("5 mars 2020, five years, cinq ans", DURATION, "") == [
        "five years = P60M",
        "cinq ans = P60M",
    ]


def _names(*labels: tuple[str, str, str, str]) -> Names:
    return Names(
        (
            Label(Literal(text, language=language), NamedNode(ID + thing), kind)
            for text, language, thing, kind in labels
        ),
        {},
    )


def test_shorter_names_are_found_within_longer_ones() -> None:
    names = _names(
        ("resistance", "en", "topic-r", WORD), ("antibiotic resistance", "en", "topic-ar", WORD)
    )
    assert found("Antibiotic resistances grow.", NAME, "en", names) == [
        "Antibiotic resistances = antibiotic resistance",
        "resistances = resistance",
    ]


def test_an_acronym_in_brackets_names_the_thing_before_it() -> None:
    names = _names(("field of major interest", "en", "kind-field", WORD))
    first = "A field of major interest (FMI) was made."
    acronyms = introduced(first, read(first, "en", names))
    assert {acronym: meant.things for acronym, meant in acronyms.items()} == {
        "FMI": (NamedNode(ID + "kind-field"),)
    }
    later = read("The FMI grows; fmi does not.", "en", names, acronyms)
    assert [(one.start, one.end, one.things) for one in later if one.kind == NAME] == [
        (4, 7, (NamedNode(ID + "kind-field"),))
    ]


def test_a_body_is_not_named_by_the_longer_name_of_another_body() -> None:
    names = _names(
        ("CDC", "en", "organisation-cdc", ORGANISATION),
        ("Africa CDC", "en", "organisation-africa-cdc", ORGANISATION),
    )
    assert found("Africa CDC and the CDC.", NAME, "en", names) == [
        "Africa CDC = Africa CDC",
        "CDC = CDC",
    ]


@pytest.mark.parametrize(
    ("language", "alike"),
    [
        ("en", "zoonosis zoonoses"),
        ("en", "study studies"),
        ("en", "virus viruses"),
        ("en", "analysis analyses"),
        ("fr", "animal animaux animale animales"),
        ("fr", "réseau réseaux"),
        ("fr", "conjoint conjointe conjoints conjointes"),
        ("fr", "français française françaises"),
        ("fr", "européen européenne européennes"),
    ],
)
def test_inflected_words_are_alike(language: str, alike: str) -> None:
    assert len({singular(word, language) for word in alike.split()}) == 1


@pytest.mark.parametrize(
    ("language", "different"),
    [
        ("en", "university universal universe"),
        ("en", "policy police"),
        ("en", "causes cactus us"),
        ("fr", "médecin médecine"),
        ("fr", "cour cours foi fois"),
        ("fr", "plant plante"),
    ],
)
def test_words_of_different_meaning_are_not_alike(language: str, different: str) -> None:
    words = different.split()
    assert len({singular(word, language) for word in words}) == len(words)


def test_a_quotation_has_the_edges_of_words_and_numbers() -> None:
    assert quoted("joint research", "A joint\nresearch; joint researchers") == [(2, 16)]
    assert quoted("four months", "twenty-four months") == []


@given(st.text(alphabet="aé\u0301\u00ad\u200b\n -’¹ᵉ5ﬁ0.,(\ufeff", max_size=40))
def test_each_character_keeps_its_place(text: str) -> None:
    for shown in (plain(text), plain(text, whole_words=True)):
        places = list(zip(shown.starts, shown.ends, strict=True))
        assert len(places) == len(shown.text)
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)


@given(st.text(alphabet="5 May20-/,.andto one hundred ansémois€k\u00ad", max_size=60))
def test_any_text_is_read_and_mentions_are_pieces_of_it(text: str) -> None:
    for mention in read(text):
        assert 0 <= mention.start < mention.end <= len(text)


def test_a_text_of_500_words_mentions_much() -> None:
    names = names_of(read_dataset(bundled()).store)
    assert len(read(SOURCE.read_text(encoding="utf-8"), "en", names)) > 200


def test_a_long_text_is_read_to_its_end() -> None:
    text = "On 5 and 6 May 2020, twenty-four of two hundred (200) partners signed for five years. "
    assert len(read(text * 2000, "en")) == 2000 * len(read(text, "en"))
