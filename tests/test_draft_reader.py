"""The proposals of the reader of announcements: their accuracy, and words that it must skip."""

import re
import sys
from unicodedata import normalize

import pytest
import yaml
from readings import FOLDER, Reading, facts, readings, scores

from onehealthkg.drafting.draft import draft
from onehealthkg.drafting.output import as_json
from onehealthkg.drafting.proposals import ANTECEDENT, FACT, NEW, OF_ACT, PARTY, PLACE, TITLE
from onehealthkg.errors import UsageError
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.words import table

READINGS = readings()
MATTERS = yaml.safe_load((FOLDER / "matters.yaml").read_text("utf-8"))
SENTENCES = yaml.safe_load((FOLDER / "sentences.yaml").read_text("utf-8"))
CONSTRUCTIONS = yaml.safe_load((FOLDER / "constructions.yaml").read_text("utf-8"))

# The figures that were reached, rounded down. Raise them when the reader gets better. `held`
# were kept apart while the first rules were written; `press` are in a press office's manner;
# `others` and `unseen` are by authors who had not seen the program (see readings.py). On first
# sight these 26 reached parties 0.77, signatories 0.53, signed 0.77, term 0.74, ends 0.77,
# programmes 0.50, places 0.67, predecessors 0.43, topics 0.51, activities 0.61.
# `fresh` and `fresh-held` are by another author who had not seen the rules. On first sight:
#               parties signatories signed term ends programmes places topics activities
#   fresh       0.71    0.79        1.00   1.00 0.67 0.69       0.76   0.68   0.66
#   fresh-held  0.74    0.53        0.91   0.86 -    0.73       0.68   0.65   0.53
#   third       0.55    0.55        0.57   0.86 0.80 0.67       0.66   0.68   0.71
#   third-held  0.79    0.72        0.67   0.91 0.80 0.57       0.63   0.61   0.71
# No rule may be written for `fresh-held` and `third-held`. `fresh-held` were measured again once the
# rules were done (below); for `fresh` and `third`, rules are written.
REACHED = {
    "given": {
        "parties": 1.0, "signatories": 1.0, "signed": 0.85, "term": 1.0, "programmes": 0.92,
        "places": 1.0, "topics": 0.82, "activities": 0.89,
    },
    "own": {
        "parties": 1.0, "signatories": 1.0, "signed": 1.0, "term": 1.0, "ends": 1.0, "places": 1.0,
        "predecessors": 1.0, "topics": 1.0, "activities": 1.0,
    },
    "held": {
        "parties": 1.0, "signatories": 1.0, "signed": 1.0, "term": 1.0, "places": 1.0,
        "predecessors": 1.0, "topics": 1.0, "activities": 1.0,
    },
    "press": {
        "parties": 1.0, "signatories": 0.97, "signed": 1.0, "term": 1.0, "ends": 1.0,
        "programmes": 1.0, "places": 0.87, "predecessors": 1.0, "topics": 0.9, "activities": 0.89,
    },
    "others": {
        "parties": 1.0, "signatories": 1.0, "signed": 1.0, "term": 0.90, "ends": 1.0,
        "programmes": 0.9, "places": 0.89, "predecessors": 0.66, "topics": 0.79, "activities": 0.78,
    },
    "unseen": {
        "parties": 0.94, "signatories": 0.96, "signed": 0.92, "term": 1.0, "ends": 0.8,
        "programmes": 0.87, "places": 0.86, "predecessors": 0.88, "topics": 0.88, "activities": 0.78,
    },
    "fresh": {
        "parties": 0.98, "signatories": 1.0, "signed": 1.0, "term": 1.0, "ends": 1.0,
        "programmes": 0.86, "places": 0.92, "predecessors": 1.0, "topics": 0.91, "activities": 0.83,
    },
    "fresh-held": {
        "parties": 0.73, "signatories": 0.78, "signed": 0.90, "term": 0.93, "programmes": 0.84,
        "places": 0.71, "predecessors": 1.0, "topics": 0.72, "activities": 0.63,
    },
    "third": {
        "parties": 0.95, "signatories": 1.0, "signed": 1.0, "term": 1.0, "ends": 1.0,
        "programmes": 1.0, "places": 0.91, "predecessors": 1.0, "topics": 0.79, "activities": 0.78,
    },
    "third-held": {
        "parties": 0.79, "signatories": 0.72, "signed": 0.80, "term": 0.90, "ends": 0.8,
        "programmes": 0.57, "places": 0.65, "predecessors": 0.33, "topics": 0.62, "activities": 0.70,
    },
}  # fmt: skip

# Dates that are guessed today and should not be: each leaves this list when it is mended.
GUESSED = {
    "guelph-schools-agreement": {"signed": "2017-03"},
}


@pytest.fixture(scope="module")
def knowledge(graph):
    return Knowledge.of(graph.store)


@pytest.fixture
def drafted(knowledge):
    def read(text: str, language: str = "en", published: str = "") -> dict:
        return as_json(draft(text, language, knowledge, published))

    return read


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_entry_of_a_word_table_is_a_valid_expression(language):
    for key, entries in table(language).items():
        assert "" not in entries, key
        for entry in entries:
            assert "\n" not in entry, (key, entry)
            re.compile(entry)


@pytest.mark.parametrize("group", REACHED)
def test_drafts_are_as_accurate_as_before(group, drafted):
    pairs = [
        (one, drafted(one.text, one.gold["language"])) for one in READINGS if one.group == group
    ]
    reached = scores(pairs)
    least = REACHED[group]
    fallen = {field: reached[field] for field in least if reached[field] < least[field]}
    assert fallen == {}


@pytest.mark.sampled(30)
@pytest.mark.parametrize("reading", READINGS, ids=lambda one: one.name)
def test_a_date_that_the_text_does_not_say_is_not_guessed(reading: Reading, drafted):
    got = drafted(reading.text, reading.gold["language"])
    wrong = {
        field: got[field]
        for field, value in facts(reading).items()
        if value is None and got[field] is not None
    }
    assert wrong == GUESSED.get(reading.name, {})


@pytest.mark.sampled(20)
@pytest.mark.parametrize("reading", READINGS, ids=lambda one: one.name)
def test_proposals_quote_the_text_and_are_the_same_each_time(reading: Reading, knowledge):
    first = draft(reading.text, reading.gold["language"], knowledge)
    assert first == draft(reading.text, reading.gold["language"], knowledge)
    for one in first.proposals:
        start, end = first.passages[one.passage - 1]
        assert start <= one.start < one.end <= end, one
        quote = first.quote(one)
        assert quote == quote.strip()
        assert quote.count("«") == quote.count("»"), one


def test_places_are_those_of_the_text_as_it_was_given(knowledge):
    reading = next(one for one in READINGS if one.name == "renewal-inrae-cirad-fr")
    decomposed = normalize("NFD", reading.text).replace("renouvelé", "renou\u00advelé")
    got = draft(decomposed, "fr", knowledge)
    plain = draft(reading.text, "fr", knowledge)
    assert [normalize("NFC", got.quote(one)) for one in got.proposals] == [
        plain.quote(one) for one in plain.proposals
    ]


def test_the_publication_gives_the_year_of_a_day_and_no_more(drafted):
    text = "ANSES and Inserm signed a framework agreement on Monday 17 June."
    assert drafted(text)["signed"] is None
    assert drafted(text, published="2024-06-20")["signed"] == "2024-06-17"
    assert drafted(text, published="2023-06-20")["signed"] is None  # 17 June was a Saturday
    assert (
        drafted("ANSES and Inserm signed an agreement.", published="2024-06-20")["signed"] is None
    )


@pytest.mark.parametrize(
    "text",
    [
        "FAO and WHO launched a toolkit on rabies today.",
        "Nobody has signed the agreement between ANSES and Inserm.",
        "The weather in Paris will be fine until Sunday. It may rain on 3 May 2024.",
        "Dr Jane Roe, Director of ILRI, said on 3 May 2024 that livestock matter.",
    ],
)
def test_a_text_without_an_agreement_has_no_parties_and_no_date(text, drafted):
    got = drafted(text)
    assert (got["parties"], got["signatories"], got["signed"], got["term"]) == ([], [], None, None)


def _names(got: dict) -> list[str]:
    return [one["name"] for one in got["parties"]]


def _signers(got: dict) -> list[tuple]:
    return [(one["person"], one["post"], one["organisation"]) for one in got["signatories"]]


def test_bodies_in_capitals_without_a_word_for_a_body_are_parties(drafted):
    got = drafted(
        "Zoetis and Elanco entered into a five-year agreement on 1 April 2021. "
        "In the presence of Ann Roe, Minister of Agriculture, it was signed in Berlin."
    )
    assert _names(got) == ["Zoetis", "Elanco"]
    assert (got["signed"], got["term"]) == ("2021-04-01", "P5Y")
    assert got["signatories"] == []
    assert [one["label"] for one in got["places"]] == ["Berlin"]


def test_signatories_may_be_before_or_after_their_posts(drafted):
    got = drafted(
        "The Rwanda Biomedical Centre (RBC) and Lund University signed a memorandum of "
        "understanding. It was signed by RBC's Director General, Claude Muvunyi, and Anna Berg, "
        "Vice-Chancellor of Lund University. It runs until the end of 2028."
    )
    assert _signers(got) == [
        ("Claude Muvunyi", "Director General", "Rwanda Biomedical Centre (RBC)"),
        ("Anna Berg", "Vice-Chancellor", "Lund University"),
    ]
    assert got["ends"] == "2028"


def test_a_french_name_continues_in_lower_case(drafted):
    got = drafted(
        "Le ministère de la Santé du Sénégal et l'École nationale vétérinaire de Toulouse ont "
        "conclu une entente de cinq ans. Le ministre de la Santé et de l'Action sociale, Abdou "
        "Sarr, a signé mardi 12 octobre 2021 à Dakar.",
        "fr",
    )
    assert _names(got) == [
        "ministère de la Santé du Sénégal",
        "École nationale vétérinaire de Toulouse",
    ]
    assert _signers(got) == [
        (
            "Abdou Sarr",
            "ministre de la Santé et de l'Action sociale",
            "ministère de la Santé du Sénégal",
        )
    ]
    assert (got["signed"], got["term"]) == ("2021-10-12", "P5Y")


@pytest.mark.parametrize(
    ("language", "text", "parties", "signers"),
    [
        (
            "en",
            "UNICEF, the World Bank and the Government of Ghana on Tuesday signed an agreement. "
            "Minister of Finance Ken Ofori-Atta signed for Ghana, and World Bank Country Director "
            "Pierre Laporte for the Bank.",
            ["UNICEF", "World Bank", "Government of Ghana"],
            ["Ken Ofori-Atta", "Pierre Laporte"],
        ),
        (
            "en",
            "The European Commission, represented by Commissioner Ann Roe, and Africa CDC, "
            "represented by Director General Jean Doe, signed an arrangement on 18 February 2022.",
            ["European Commission", "Africa CDC"],
            ["Ann Roe", "Jean Doe"],
        ),
        (
            "en",
            "The Medicines Agency (MA) and Swissmedic, the Swiss Agency for Products, have agreed "
            "on an arrangement. It was signed by Guido Rasi, M.D., MA Director.",
            ["Medicines Agency", "Swissmedic"],
            ["Guido Rasi"],
        ),
        (
            "en",
            "The Ministry of Agriculture of Japan, Tokyo University and Meiji Pharma Co., Ltd. "
            "entered into an agreement. Ann Roe, Rector of Tokyo University, said she was glad.",
            ["Ministry of Agriculture of Japan", "Tokyo University", "Meiji Pharma Co"],
            [],
        ),
        (
            "en",
            "The Animal and Plant Health Agency and Public Health Wales have renewed their concordat.",
            ["Animal and Plant Health Agency", "Public Health Wales"],
            [],
        ),
        (
            "fr",
            "La ministre de la Recherche, Anne Roe, a assisté à la signature d'une convention entre "
            "l'Université de Lille et le CHU de Lille.",
            ["Université de Lille", "CHU de Lille"],
            [],
        ),
        (
            "fr",
            "Jean Roe, PDG de l'IRD, et Michel Doe, PDG du Cirad, ont signé avec Joyce Poe, directrice "
            "exécutive par intérim du Programme des Nations unies pour l'environnement (PNUE), un accord.",
            ["IRD", "Cirad", "Programme des Nations unies pour l'environnement"],
            ["Jean Roe", "Michel Doe", "Joyce Poe"],
        ),
    ],
)
def test_parties_and_signatories(language, text, parties, signers, drafted):
    got = drafted(text, language)
    assert (_names(got), [one[0] for one in _signers(got)]) == (parties, signers)


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"][:40])
def test_sentences_of_press_offices_are_read(case, drafted):
    got = drafted(case["text"], case["language"])
    names = {re.sub(r"^(?:the |l'|le |la )", "", name, flags=re.I) for name in _names(got)}
    assert names == set(case["parties"])
    signers = {one["person"]: one["organisation"] for one in got["signatories"]}
    assert set(signers) == set(case["signers"])
    assert [name for name, body in signers.items() if not body] == case.get("without_body", [])
    dates = [field for field in ("signed", "term", "ends") if field in case]
    assert {field: got[field] for field in dates} == {field: case[field] for field in dates}


@pytest.mark.parametrize("case", MATTERS, ids=lambda case: case["text"][:40])
def test_sentences_name_topics_activities_programmes_and_places(case, drafted):
    got = drafted(case["text"], case["language"])
    fields = case.keys() - {"text", "language"}
    quoted = {field: sorted(one["quote"] for one in got[field]) for field in fields}
    assert quoted == {field: sorted(case[field]) for field in fields}


def _bare(name: str | None) -> str:
    """A name without its article and without an acronym in brackets."""
    return re.sub(r"^(?:an? |the |une? |l'|le |la )| \([^)]*\)$", "", name or "", flags=re.I)


@pytest.mark.parametrize("case", CONSTRUCTIONS, ids=lambda case: case["text"][:40])
def test_each_construction_is_read_and_nothing_else(case, drafted):
    got = drafted(case["text"], case["language"])
    assert {_bare(name) for name in _names(got)} == set(case.get("parties", []))
    signers = {one["person"]: _bare(one["organisation"]) for one in got["signatories"]}
    assert signers == case.get("signers", {})
    assert {field: got[field] for field in ("signed", "term", "ends")} == {
        field: case.get(field) for field in ("signed", "term", "ends")
    }
    earlier = [one["quote"] for one in got["predecessors"]]
    assert len(earlier) == len(case.get("predecessors", []))
    assert all(
        _bare(named) in quote
        for named, quote in zip(case.get("predecessors", []), earlier, strict=True)
    )


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("a five-year agreement", "P5Y"),
        ("an agreement for a period of three years", "P3Y"),
        ("an agreement after ten years of cooperation", None),
        ("an agreement during a two-day visit", None),
        ("an agreement for the 111th anniversary of the institute", None),
        ("an agreement of 18 months", "P18M"),
    ],
)
def test_a_term_is_the_duration_of_the_agreement(words, term, drafted):
    assert drafted(f"ANSES and Inserm have signed {words}.")["term"] == term


def test_each_undertaking_has_the_modality_of_its_verb(drafted):
    got = drafted(
        "ANSES and Inserm signed an agreement. They may exchange staff, and they intend to train "
        "students. The agreement provides for joint research. Data will be shared."
    )
    assert {one["label"]: one["modality"] for one in got["activities"]} == {
        "exchange staff": "possible",
        "train students": "intended",
        "joint research": "planned",
        "Data will be shared": "planned",
    }


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("en", "ANSES and Inserm signed an agreement in Vienna on 3 May 2024.", ["Vienna"]),
        ("en", "In Vienna, ANSES and Inserm signed an agreement on work in Kenya.", ["Vienna"]),
        ("en", "ANSES and Inserm signed an agreement that covers laboratories in Kenya.", []),
        ("en", "ANSES and Inserm sign an agreement. They will work in Kenya and Mali.", []),
        ("fr", "L'Anses et l'Inserm ont signé à Rabat un accord.", ["Rabat"]),
        ("fr", "L'Anses et l'Inserm ont signé un accord sur la rage en Tunisie.", []),
    ],
)
def test_a_place_of_signature_is_told_from_other_places(language, text, places, knowledge):
    got = draft(text, language, knowledge)
    assert [one.label for one in got.of(PLACE) if one.value == OF_ACT] == places


def test_pronouns_and_unknown_names_are_proposed_too(knowledge):
    got = draft(
        "Agreement\n\nANSES and Lund University signed an agreement. The two institutions will "
        "share data. About Lund.",
        "en",
        knowledge,
    )
    assert [(one.label, one.value) for one in got.of(ANTECEDENT)] == [("The two institutions", "2")]
    assert [(one.label, one.value) for one in got.of(NEW)] == [("Lund University", "organisation")]
    assert [one.label for one in got.of(TITLE)] == ["Agreement"]


def test_a_pronoun_for_an_agreement_or_for_nothing_is_no_body(knowledge):
    english = "The BfR and ANSES signed an agreement. It was signed in Vienna. They put their names to it."
    french = "L'Anses et l'Inserm ont signé un accord. Il est prévu un bilan. Elle est valable. Ils agiront."
    for language, text in (("en", english), ("fr", french)):
        meant = draft(text, language, knowledge).of(ANTECEDENT)
        assert [one.label for one in meant] == ["They" if language == "en" else "Ils"]


def test_the_foundation_of_a_body_is_a_fact_about_it(knowledge):
    got = draft("ANSES\n\nFounded in 2010, the agency assesses risks.", "en", knowledge)
    assert [
        (one.value, one.label, [thing.value for thing in one.things]) for one in got.of(FACT)
    ] == [("schema:foundingDate", "2010", ["https://w3id.org/onehealthkg/id/organisation-anses"])]


@pytest.mark.parametrize(
    ("language", "text", "facts"),
    [
        (
            "en",
            "INRAE, created on 1 January 2020 from the merger of INRA and Irstea, is a research "
            "institution.",
            [
                ("INRAE", "schema:foundingDate", "2020-01-01"),
                ("INRAE", "org:changedBy", "2020-01-01"),
                ("INRAE", "org:classification", "research institution"),
            ],
        ),
        (
            "fr",
            "INRAE, issu de la fusion de l'Inra et d'Irstea en 2020, est placé sous la double "
            "tutelle du ministère de l'Agriculture et du ministère de la Recherche.",
            [
                ("INRAE", "org:changedBy", "2020"),
                ("INRAE", "oh:jointlySupervisedBy", "ministère de l'Agriculture"),
                ("INRAE", "oh:jointlySupervisedBy", "ministère de la Recherche"),
            ],
        ),
        (
            "en",
            "About WOAH\n\nFormerly the OIE, WOAH is based in Paris, France. It is dedicated to "
            "animal health.",
            [
                ("WOAH", "oh:formerName", "OIE"),
                ("WOAH", "oh:country", "France"),
                ("WOAH", "org:purpose", "animal health"),
            ],
        ),
        ("en", "ANSES has 1,400 staff and is the reference laboratory for rabies.", []),
        (
            "en",
            "ANSES may be merged with INRAE, based in France. ANSES works with Inserm.",
            [
                ("INRAE", "oh:country", "France"),
            ],
        ),
    ],
)
def test_facts_about_bodies_have_properties_of_the_ontology(language, text, facts, drafted):
    got = [
        (one["subject"], one["property"], one["value"]) for one in drafted(text, language)["facts"]
    ]
    assert sorted(got) == sorted(facts)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package with a recogniser, on the path as pip would install it."""

    def install(code: str) -> None:
        (tmp_path / "small_recogniser.py").write_text(code, "utf-8")
        about = tmp_path / "small_recogniser-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Name: small-recogniser\nVersion: 1\n")
        (about / "entry_points.txt").write_text(
            "[onehealthkg.recognisers]\nsmall = small_recogniser:recognise\n"
        )
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "small_recogniser", raising=False)

    return install


def test_a_recogniser_of_the_user_adds_names(installed, knowledge):
    text = "The agreement was signed by ANSES and by the people of the lower Danube."
    assert [one.label for one in draft(text, "en", knowledge).of(PARTY)] == ["ANSES"]
    installed(
        "def recognise(text, language):\n"
        "    start = text.find('people of the lower Danube')\n"
        "    return [(start, start + 26, 'organisation')] if start >= 0 else []\n"
    )
    assert [one.label for one in draft(text, "en", knowledge).of(PARTY)] == [
        "ANSES",
        "people of the lower Danube",
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def recognise(text, language):\n    raise ValueError('no model')\n", "failed: no model"),
        (
            "def recognise(text, language):\n    return [(0, 999, 'organisation')]\n",
            "within the text",
        ),
        (
            "def recognise(text, language):\n    return [(0, 3, 'ORG')]\n",
            "a kind one of organisation",
        ),
    ],
)
def test_a_recogniser_that_fails_is_named(code, said, installed, knowledge):
    installed(code)
    with pytest.raises(UsageError, match="small_recogniser:recognise") as error:
        draft("ANSES", "en", knowledge)
    assert said in str(error.value)
