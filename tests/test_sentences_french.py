"""French texts are cut into their sentences."""

import pytest
from passage_texts import pieces

FRENCH_SENTENCES = [
    ("Un. Deux. Trois.", ["Un.", "Deux.", "Trois."]),
    (
        "M. Dupont et MM. Roux et Petit sont venus. Mme Roy aussi.",
        ["M. Dupont et MM. Roux et Petit sont venus.", "Mme Roy aussi."],
    ),
    (
        "Le Dr Roux et le Pr. Petit ont signé. Ils partent.",
        ["Le Dr Roux et le Pr. Petit ont signé.", "Ils partent."],
    ),
    (
        "Selon l'art. 3 et le n° 5, c'est permis. Voir p. 12.",
        ["Selon l'art. 3 et le n° 5, c'est permis.", "Voir p. 12."],
    ),
    (
        "C'est une œuvre d'art. Les visiteurs viennent.",
        ["C'est une œuvre d'art.", "Les visiteurs viennent."],
    ),
    (
        "Des dangers, p. ex. le plomb, c.-à-d. Pb, durent. Voilà.",
        ["Des dangers, p. ex. le plomb, c.-à-d. Pb, durent.", "Voilà."],
    ),
    ("Il coûte env. 30 millions. Il est cher.", ["Il coûte env. 30 millions.", "Il est cher."]),
    (
        "En 52 av. J.-C. César gagna. En 410 apr. J.-C. Rome tomba.",
        ["En 52 av. J.-C. César gagna.", "En 410 apr. J.-C. Rome tomba."],
    ),
    (
        "Cela date de 52 av. J.-C. Les Romains gagnent.",
        ["Cela date de 52 av. J.-C.", "Les Romains gagnent."],
    ),
    (
        "Les animaux, les plantes, etc. sont suivis. Voilà.",
        ["Les animaux, les plantes, etc. sont suivis.", "Voilà."],
    ),
    (
        "Elle suit les animaux, les plantes, etc. L'agence publie un rapport.",
        ["Elle suit les animaux, les plantes, etc.", "L'agence publie un rapport."],
    ),
    (
        "Le 1er févr. 2020, ils signent. Le 7 janv. 2021, tout commence.",
        ["Le 1er févr. 2020, ils signent.", "Le 7 janv. 2021, tout commence."],
    ),
    (
        "J.-P. Dupont et A. Martin signent. G. Bloch aussi.",
        ["J.-P. Dupont et A. Martin signent.", "G. Bloch aussi."],
    ),
    (
        "P. Le Guen signe la convention. Elle dure cinq ans.",
        ["P. Le Guen signe la convention.", "Elle dure cinq ans."],
    ),
    (
        "Il faut de la vitamine C. Le corps n'en fait pas.",
        ["Il faut de la vitamine C.", "Le corps n'en fait pas."],
    ),
    (
        "Le taux est de 3,5\u00a0% (cf. tableau 2). Il baisse de 0.5.",
        ["Le taux est de 3,5\u00a0% (cf. tableau 2).", "Il baisse de 0.5."],
    ),
    (
        "Voir www.anses.fr. Écrire à presse@anses.fr. Merci.",
        ["Voir www.anses.fr.", "Écrire à presse@anses.fr.", "Merci."],
    ),
    ("Est-ce sûr\u00a0? Oui\u202f! Très bien.", ["Est-ce sûr\u00a0?", "Oui\u202f!", "Très bien."]),
    ("Est-ce sûr ? Oui ! Très bien.", ["Est-ce sûr ?", "Oui !", "Très bien."]),
    (
        "«\u00a0C'est un grand jour.\u00a0» Il sourit.",
        ["«\u00a0C'est un grand jour.\u00a0»", "Il sourit."],
    ),
    (
        "«\u202fC'est un grand jour.\u202f» Il sourit.",
        ["«\u202fC'est un grand jour.\u202f»", "Il sourit."],
    ),
    ("« C'est un grand jour. » Il sourit.", ["« C'est un grand jour. »", "Il sourit."]),
    (
        "« Est-ce sûr ? » demande-t-elle. « Oui ! »",
        ["« Est-ce sûr ? » demande-t-elle.", "« Oui ! »"],
    ),
    (
        "« C'est un jalon. Il nous rapproche », déclare M. Roux. Il part.",
        ["« C'est un jalon. Il nous rapproche », déclare M. Roux.", "Il part."],
    ),
    (
        "« C'est un jalon. Il nous rapproche. », déclare M. Roux. Il part.",
        ["« C'est un jalon. Il nous rapproche. », déclare M. Roux.", "Il part."],
    ),
    (
        "Il déclare\u00a0: «\u00a0C'est un jalon. Il nous rapproche.\u00a0» Il part.",
        ["Il déclare\u00a0: «\u00a0C'est un jalon. Il nous rapproche.\u00a0»", "Il part."],
    ),
    ("« C'est un jalon. Il nous rapproche. »", ["« C'est un jalon.", "Il nous rapproche. »"]),
    (
        "L'approche « Une seule santé » progresse. Elle est ancienne.",
        ["L'approche « Une seule santé » progresse.", "Elle est ancienne."],
    ),
    (
        "Il dit : « Elle a dit “Signez !” hier. » Puis il part.",
        ["Il dit : « Elle a dit “Signez !” hier. »", "Puis il part."],
    ),
    ("Ils attendent... Le texte est prêt.", ["Ils attendent...", "Le texte est prêt."]),
    ("Ils attendent… et signent. Fin.", ["Ils attendent… et signent.", "Fin."]),
    (
        "Elle est signée. (Le texte est public.) Ils partent.",
        ["Elle est signée.", "(Le texte est public.)", "Ils partent."],
    ),
    (
        "Fondé en 1964. 30 personnes y travaillent.",
        ["Fondé en 1964.", "30 personnes y travaillent."],
    ),
    (
        "C'est fait. À Paris, l'État signe. Étrange. Œuvrons.",
        ["C'est fait.", "À Paris, l'État signe.", "Étrange.", "Œuvrons."],
    ),
    (
        "C'est fait. bioMérieux signe. « Bien », dit-il.",
        ["C'est fait.", "bioMérieux signe.", "« Bien », dit-il."],
    ),
    (
        "L'accord vise St. Denis et la S.A. Dupont. Il dure.",
        ["L'accord vise St. Denis et la S.A. Dupont.", "Il dure."],
    ),
    (
        "L’agence et l’institut signent. L’accord dure cinq ans.",
        ["L’agence et l’institut signent.", "L’accord dure cinq ans."],
    ),
    (
        "Tél. : 01 49 77 28 20. Courriel : a.b@anses.fr",
        ["Tél. : 01 49 77 28 20.", "Courriel : a.b@anses.fr"],
    ),
    (
        "Le vol. 2, chap. 3 et la fig. 4 le montrent. Fin.",
        ["Le vol. 2, chap. 3 et la fig. 4 le montrent.", "Fin."],
    ),
    (
        "L'O.M.S. et la F.A.O. signent. Elles coopèrent.",
        ["L'O.M.S. et la F.A.O. signent.", "Elles coopèrent."],
    ),
    ("Il écrit « fin ». Elle lit.", ["Il écrit « fin ».", "Elle lit."]),
    ("Le texte (…) La suite manque.", ["Le texte (…) La suite manque."]),
    ("Merci 🎉 ! À bientôt.", ["Merci 🎉 !", "À bientôt."]),
    ("Roux et al. (2020) l'ont montré. Fin.", ["Roux et al. (2020) l'ont montré.", "Fin."]),
    ("L'art. L. 1313-1 du code le dit. Fin.", ["L'art. L. 1313-1 du code le dit.", "Fin."]),
    ("Le CA. Il décide. La mer. Inserm agit.", ["Le CA.", "Il décide.", "La mer.", "Inserm agit."]),
    ("L'O.M.S. L'Anses agit.", ["L'O.M.S.", "L'Anses agit."]),
    (
        "« Un est vieux. Deux est neuf ». Il part.",
        ["« Un est vieux.", "Deux est neuf ».", "Il part."],
    ),
    (
        "Il a dit « un est vieux. Deux est neuf » hier. Il part.",
        ["Il a dit « un est vieux. Deux est neuf » hier.", "Il part."],
    ),
    ("« Oui ! » – Roger Genet. Fin.", ["« Oui ! » – Roger Genet.", "Fin."]),
    ("Paris, le 5 févr. – L’Anses signe. Fin.", ["Paris, le 5 févr. – L’Anses signe.", "Fin."]),
    ("Est-ce bien ? ! Vraiment ?! Oui.", ["Est-ce bien ? !", "Vraiment ?!", "Oui."]),
    ("« Bonjour. Il dit : “Non. Oui.” Fin. »", ["« Bonjour.", "Il dit : “Non. Oui.”", "Fin. »"]),
    ('" Bonjour. " Il part.', ['" Bonjour. "', "Il part."]),
    ("Une citation sans début. » Il part.", ["Une citation sans début. »", "Il part."]),
    (
        "É. Dupont et E\u0301. Durand signent. Ils partent.",
        ["É. Dupont et E\u0301. Durand signent.", "Ils partent."],
    ),
    ("Durée : 5 ans. Coût : 3 M€. Fin.", ["Durée : 5 ans.", "Coût : 3 M€.", "Fin."]),
    ("Il achète Acme Inc. La France agit.", ["Il achète Acme Inc.", "La France agit."]),
]

FRENCH_LAYOUT = [
    ("", []),
    ("Titre\r\n\r\nUn. Deux.\r\n", ["Titre", "Un.", "Deux."]),
    (
        "L'accord porte sur :\n- la recherche ;\n- l'expertise.\nIl dure.",
        ["L'accord porte sur :", "- la recherche ;", "- l'expertise.", "Il dure."],
    ),
    (
        "Objectifs\u00a0:\n\n•\u00a0partager\n•\u00a0former",
        ["Objectifs\u00a0:", "•\u00a0partager", "•\u00a0former"],
    ),
    (
        "L'accord a été signé par la directrice de\nl'Anses et par M.\nBloch à Paris.",
        ["L'accord a été signé par la directrice de\nl'Anses et par M.\nBloch à Paris."],
    ),
    (
        "À propos de l'Anses\nL'Anses apporte aux décideurs les repères utiles. Elle évalue.",
        [
            "À propos de l'Anses",
            "L'Anses apporte aux décideurs les repères utiles.",
            "Elle évalue.",
        ],
    ),
    (
        "Contacts presse :\nMarie Dupont\n01 49 77 28 20",
        ["Contacts presse :", "Marie Dupont", "01 49 77 28 20"],
    ),
    ("1) Objet\n2) Durée", ["1) Objet", "2) Durée"]),
    (
        "Selon M.\nBloch, l'accord est bon pour la santé de tous.",
        ["Selon M.\nBloch, l'accord est bon pour la santé de tous."],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FRENCH_SENTENCES)
def test_a_french_paragraph_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert pieces(text, "fr") == expected


@pytest.mark.parametrize(("text", "expected"), FRENCH_LAYOUT)
def test_a_french_text_is_cut_by_its_layout(text: str, expected: list[str]) -> None:
    assert pieces(text, "fr") == expected


# The cuts are marked by ‖: titles, references, items, notes, invisible characters, dots.
FRENCH_CUTS = [
    "Mme l'Amb. Durand et l'Ing. Petit signent.‖ Ils partent.",
    "La Dre. Durand, le Gal. Petit et S. Exc. Mme Roy signent.‖ Ils partent.",
    "Le Gén. Martin, le Cdt. Petit et le Dir. adj. Moreau sont là.",
    "La Secr. gén. Durand parle.",
    "L'Insp. gén. Moreau et le Pr. Durand signent.",
    "Voir l'art. 5, al. 2, et le par. 3 du texte.‖ Il est court.",
    "Le règl. (UE) 2019/6 s'applique.",
    "La dir. 2001/82 et l'arr. 12 s'appliquent.",
    "Voir l'ann. II.‖ La suite manque.",
    "Ils visent trois points : 1. Former.‖ 2. Partager.‖ 3. Publier.",
    "Les buts : a. Former.‖ b. Partager.",
    "Art. 3. – Durée",
    "Article 1er. La convention dure.",
    "Le risque est connu.1‖ L'agence agit.",
    "Le risque est connu.12-14‖ L'agence agit.",
    "Le risque est connu ».3‖ L'agence agit.",
    "L'agence signe.\u200b‖ L'institut signe.",
    "L'agence signe.\u2060‖\u00a0L'institut signe.",
    "Elle signe . . . et scelle.",
    "Le directeur dit : 'Nous signons. Demain nous agissons.'",
    "L'Anses d'hier.‖ L'Inserm d'aujourd'hui.",
    "R. L'agence.‖ Q. Quand ?",
]


@pytest.mark.parametrize("marked", FRENCH_CUTS)
def test_a_french_text_is_cut_at_the_marks_and_nowhere_else(marked: str) -> None:
    expected = [piece.lstrip() for piece in marked.split("‖")]
    assert pieces(marked.replace("‖", ""), "fr") == expected
