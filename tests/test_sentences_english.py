"""English texts are cut into their sentences."""

import pytest
from passage_texts import pieces

ENGLISH_SENTENCES = [
    ("One. Two. Three.", ["One.", "Two.", "Three."]),
    ("Dr. Smith met Prof. Jones. They agreed.", ["Dr. Smith met Prof. Jones.", "They agreed."]),
    (
        "Mr. and Mrs. Hill and Ms. Ray came. St. Mary's Hospital paid.",
        ["Mr. and Mrs. Hill and Ms. Ray came.", "St. Mary's Hospital paid."],
    ),
    (
        "Some hazards, e.g. lead, i.e. Pb, are old. Others are new.",
        ["Some hazards, e.g. lead, i.e. Pb, are old.", "Others are new."],
    ),
    ("Zoonoses, e.g. Lyme disease, spread.", ["Zoonoses, e.g. Lyme disease, spread."]),
    (
        "Animals, plants, etc. are covered. See below.",
        ["Animals, plants, etc. are covered.", "See below."],
    ),
    (
        "They monitor animals, plants, etc. The agency reports yearly.",
        ["They monitor animals, plants, etc.", "The agency reports yearly."],
    ),
    (
        "They monitor animals, plants, etc. Inserm reports yearly.",
        ["They monitor animals, plants, etc.", "Inserm reports yearly."],
    ),
    ("It was humans vs. Animals Inc. in court.", ["It was humans vs. Animals Inc. in court."]),
    ("See No. 5 and Fig. 3. Then stop.", ["See No. 5 and Fig. 3.", "Then stop."]),
    ("They said no. Then they left.", ["They said no.", "Then they left."]),
    ("Is it safe? No. That was the answer.", ["Is it safe?", "No.", "That was the answer."]),
    (
        "It cost approx. 30 million. Acme Inc. and Foo Ltd. paid.",
        ["It cost approx. 30 million.", "Acme Inc. and Foo Ltd. paid."],
    ),
    (
        "It was bought by Acme Inc. The price is secret.",
        ["It was bought by Acme Inc.", "The price is secret."],
    ),
    (
        "The U.S. Department of Agriculture and the U.K. Government signed.",
        ["The U.S. Department of Agriculture and the U.K. Government signed."],
    ),
    (
        "It works in the U.S. The agency also works in the U.K.",
        ["It works in the U.S.", "The agency also works in the U.K."],
    ),
    ("The U.N. and the E.U. agreed.", ["The U.N. and the E.U. agreed."]),
    (
        "It starts at 9 a.m. and ends at 5 p.m. The talks are open.",
        ["It starts at 9 a.m. and ends at 5 p.m.", "The talks are open."],
    ),
    ("It starts at 9 a.m. Paris time.", ["It starts at 9 a.m. Paris time."]),
    (
        "On 5 Feb. 2020 they signed. On Jan. 7, 2021 it began.",
        ["On 5 Feb. 2020 they signed.", "On Jan. 7, 2021 it began."],
    ),
    (
        "J. K. Smith and A.-M. Roe wrote it. G. Bloch signed.",
        ["J. K. Smith and A.-M. Roe wrote it.", "G. Bloch signed."],
    ),
    (
        "It rose by 3.5 % in section 2.1.3. It fell to 0.5.",
        ["It rose by 3.5 % in section 2.1.3.", "It fell to 0.5."],
    ),
    (
        "Visit www.anses.fr. Or write to press@anses.fr. Or not.",
        ["Visit www.anses.fr.", "Or write to press@anses.fr.", "Or not."],
    ),
    (
        "See https://www.anses.fr/en/content/x.html?a=1.5&b=2. It is free.",
        ["See https://www.anses.fr/en/content/x.html?a=1.5&b=2.", "It is free."],
    ),
    (
        "The tool v2.0 is out. Version 3.1.4 follows.",
        ["The tool v2.0 is out.", "Version 3.1.4 follows."],
    ),
    ("Well... they signed. And then… nothing.", ["Well... they signed.", "And then… nothing."]),
    ("They waited... The text was ready.", ["They waited...", "The text was ready."]),
    ("They waited… The text was ready.", ["They waited…", "The text was ready."]),
    ("The text [...] The rest was dropped.", ["The text [...] The rest was dropped."]),
    ("“We agree.” The minister smiled.", ["“We agree.”", "The minister smiled."]),
    ('"We agree." The minister smiled.', ['"We agree."', "The minister smiled."]),
    ('"We agree," she said. "We sign."', ['"We agree," she said.', '"We sign."']),
    ("“Is it safe?” she asked. “Yes!” he said.", ["“Is it safe?” she asked.", "“Yes!” he said."]),
    (
        "“It is a milestone. It brings us closer,” said Dr. Roe. She left.",
        ["“It is a milestone. It brings us closer,” said Dr. Roe.", "She left."],
    ),
    (
        'He said: "It is good. It is new." She left.',
        ['He said: "It is good. It is new."', "She left."],
    ),
    ("“It is good. It is new.”", ["“It is good.", "It is new.”"]),
    (
        "She said, “He told me, ‘Sign it.’” They laughed.",
        ["She said, “He told me, ‘Sign it.’”", "They laughed."],
    ),
    (
        "The “One Health” approach grew. It is old.",
        ["The “One Health” approach grew.", "It is old."],
    ),
    ("Who? What? When?!", ["Who?", "What?", "When?!"]),
    ("They won! The team is happy!!! Yes.", ["They won!", "The team is happy!!!", "Yes."]),
    (
        "They signed (see Annex 2. It is long). Then they left.",
        ["They signed (see Annex 2. It is long).", "Then they left."],
    ),
    (
        "They signed. (The text is public.) Then they left.",
        ["They signed.", "(The text is public.)", "Then they left."],
    ),
    ("They signed (in Paris.) Then they left.", ["They signed (in Paris.)", "Then they left."]),
    (
        "It is old.[1] It is proven [2]. It works.",
        ["It is old.[1]", "It is proven [2].", "It works."],
    ),
    (
        "It began in 1964. 30 people came. 2 left.",
        ["It began in 1964.", "30 people came.", "2 left."],
    ),
    (
        "It sold well. iPhone apps help. mRNA is measured.",
        ["It sold well.", "iPhone apps help.", "mRNA is measured."],
    ),
    ("It was a long partnership. adidas left.", ["It was a long partnership.", "adidas left."]),
    (
        "It is done. Évian hosted it. Ökotest wrote.",
        ["It is done.", "Évian hosted it.", "Ökotest wrote."],
    ),
    ("It is done. “One Health” won.", ["It is done.", "“One Health” won."]),
    ("It helps with vitamin C. The dose is low.", ["It helps with vitamin C.", "The dose is low."]),
    ("Yahoo! is a brand. So is Inserm.", ["Yahoo! is a brand.", "So is Inserm."]),
    (
        "Smith et al. (2020) found it. Roe et al. agree.",
        ["Smith et al. (2020) found it.", "Roe et al. agree."],
    ),
    (
        "Jane Roe, Ph.D., and John Doe, M.D., signed.",
        ["Jane Roe, Ph.D., and John Doe, M.D., signed."],
    ),
    (
        "Washington, D.C. hosted it. New York did not.",
        ["Washington, D.C. hosted it.", "New York did not."],
    ),
    ("Done 🎉. Thanks 🙏! Bye.", ["Done 🎉.", "Thanks 🙏!", "Bye."]),
    ("Cafe\u0301. E\u0301tude.", ["Cafe\u0301.", "E\u0301tude."]),
    ("Dr.\u00a0Smith came.\u00a0He left.", ["Dr.\u00a0Smith came.", "He left."]),
    ("One.  Two.\tThree.", ["One.", "Two.", "Three."]),
    (
        "Martin Luther King Jr. spoke. Acme Corp. paid.",
        ["Martin Luther King Jr. spoke.", "Acme Corp. paid."],
    ),
    (
        "The so-called 'One Health' plan grew. 'It works.' That is all.",
        ["The so-called 'One Health' plan grew.", "'It works.'", "That is all."],
    ),
    (
        "PARIS, Feb. 5, 2020 – ANSES signed. It is new.",
        ["PARIS, Feb. 5, 2020 – ANSES signed.", "It is new."],
    ),
    (
        "The dogs' owners agreed. The 1990s' crisis ended.",
        ["The dogs' owners agreed.", "The 1990s' crisis ended."],
    ),
    ('A 5" pipe broke. A 6" pipe held.', ['A 5" pipe broke.', 'A 6" pipe held.']),
    (
        "An unclosed “quote begins. It never ends. Really.",
        ["An unclosed “quote begins.", "It never ends.", "Really."],
    ),
    ("E. coli was found. It spreads.", ["E. coli was found.", "It spreads."]),
    ("They found S. aureus. E. coli was rare.", ["They found S. aureus.", "E. coli was rare."]),
    ("No stop at all", ["No stop at all"]),
    ("你好。世界。", ["你好。", "世界。"]),
    ("Мир. Дружба.", ["Мир.", "Дружба."]),
    ("He came at 5 p.m. EST. Then he left.", ["He came at 5 p.m. EST.", "Then he left."]),
    (
        "Patients with MS. The trial ran in CA. The end.",
        ["Patients with MS.", "The trial ran in CA.", "The end."],
    ),
    ("Done. (One is old. Two is new.) End.", ["Done.", "(One is old.", "Two is new.)", "End."]),
    ("“One is old. Two is new”. She left.", ["“One is old.", "Two is new”.", "She left."]),
    (
        "He said ‘One is old. Two is new’ and left. It’s the dogs’ end.",
        ["He said ‘One is old. Two is new’ and left.", "It’s the dogs’ end."],
    ),
    ("“One.” “Two.” “Three.”", ["“One.”", "“Two.”", "“Three.”"]),
    ("It [one is old. Two is new] works. End.", ["It [one is old. Two is new] works.", "End."]),
    (
        "“She said (I think. So do I.) this. He left.”",
        ["“She said (I think. So do I.) this.", "He left.”"],
    ),
    ("“We agree.” – Jane Roe, Director. End.", ["“We agree.” – Jane Roe, Director.", "End."]),
    ("It ends here. – A new item. – 30 more.", ["It ends here.", "– A new item.", "– 30 more."]),
    ("See Vol. II. It is good. Art. I said.", ["See Vol. II.", "It is good.", "Art.", "I said."]),
    ("See Notes.¹ Then go.* The end.", ["See Notes.¹", "Then go.*", "The end."]),
    ("They cost $5. £6 more. €7.", ["They cost $5.", "£6 more.", "€7."]),
    ("ACME INC. SIGNS A DEAL", ["ACME INC. SIGNS A DEAL"]),
    ("© 2020 ANSES. All rights reserved.", ["© 2020 ANSES.", "All rights reserved."]),
    ("It is by J. A. Smith. A. Roe helped.", ["It is by J. A. Smith.", "A. Roe helped."]),
    ("It grew by environ… 30 %. Fine.", ["It grew by environ… 30 %.", "Fine."]),
    (
        "Lower case. after a short word. and after a lengthy opening. goes on.",
        ["Lower case. after a short word. and after a lengthy opening.", "goes on."],
    ),
    ("...", ["..."]),
    ("1.", ["1."]),
    ("“”", ["“”"]),
    ("مرحبا بالعالم. كيف الحال؟ جيد.", ["مرحبا بالعالم.", "كيف الحال؟", "جيد."]),
    ("He came at 5 p.m. EST. Then. Bye.", ["He came at 5 p.m. EST.", "Then.", "Bye."]),
    ("It is old.[1]", ["It is old.[1]"]),
    (". One. Two.", [". One.", "Two."]),
    ("… The rest is silence. End.", ["… The rest is silence.", "End."]),
    ("Done. … The rest. [...] The end.", ["Done.", "… The rest.", "[...] The end."]),
    ('The word "agreement." is old.', ['The word "agreement." is old.']),
    ("It was a large party. adidas left.", ["It was a large party.", "adidas left."]),
    ("It was a long partnership. – and so on.", ["It was a long partnership. – and so on."]),
    ("Visit www.anses.fr. inserm too.", ["Visit www.anses.fr. inserm too."]),
    ("The Massach. institute is approx. five.", ["The Massach. institute is approx. five."]),
    ("He said ‘it’s old. It’s new’ and left.", ["He said ‘it’s old. It’s new’ and left."]),
    ('"One is "old. Two" is new," he said. Bye.', ['"One is "old. Two" is new," he said.', "Bye."]),
    ("ANSES(one is old. Two is new) left.", ["ANSES(one is old. Two is new) left."]),
    ('("One is old. Two is new," he said.) Bye.', ['("One is old. Two is new," he said.)', "Bye."]),
    ("A (one is old. Two is new.) End.", ["A (one is old. Two is new.)", "End."]),
    ("Is it A or B? B", ["Is it A or B?", "B"]),
    ("It works in the U.S. So. It ends.", ["It works in the U.S.", "So.", "It ends."]),
    ('The "one is old. Two is new"s are here.', ['The "one is old. Two is new"s are here.']),
    ("The (one is old. Two is new)s are here.", ["The (one is old. Two is new)s are here."]),
]

ENGLISH_LAYOUT = [
    ("", []),
    (" \n\t\r\n\u00a0 ", []),
    ("\ufeff", []),
    ("\ufeffTitle\n\nText.", ["Title", "Text."]),
    ("Title\r\n\r\nOne. Two.\r\n", ["Title", "One.", "Two."]),
    ("Title\r\rOne\rtwo. Three.", ["Title", "One\rtwo.", "Three."]),
    (
        "One long line that is\nwrapped here. And\nalso here.",
        ["One long line that is\nwrapped here.", "And\nalso here."],
    ),
    (
        "The agreement was signed by the head of\nANSES and by the head of Inserm. It is new.",
        ["The agreement was signed by the head of\nANSES and by the head of Inserm.", "It is new."],
    ),
    (
        "The sum was raised on the advice of Dr.\nSmith, who knows it well. He left.",
        ["The sum was raised on the advice of Dr.\nSmith, who knows it well.", "He left."],
    ),
    (
        "The partners are:\n- ANSES;\n- Inserm.\nThey agree.",
        ["The partners are:", "- ANSES;", "- Inserm.", "They agree."],
    ),
    (
        "Aims:\n\n• to share data\n• to train\n\nEnd.",
        ["Aims:", "• to share data", "• to train", "End."],
    ),
    (
        "They plan\n1. research. It is joint.\n2. training.\n",
        ["They plan", "1. research.", "It is joint.", "2. training."],
    ),
    (
        "They plan:\na) research on\n   zoonoses;\nb) training.",
        ["They plan:", "a) research on\n   zoonoses;", "b) training."],
    ),
    ("* One\n* Two", ["* One", "* Two"]),
    ("– One\n– Two", ["– One", "– Two"]),
    (
        "About ANSES\nANSES provides public decision-makers with benchmarks. It studies risks.",
        [
            "About ANSES",
            "ANSES provides public decision-makers with benchmarks.",
            "It studies risks.",
        ],
    ),
    (
        "It is signed by both directors today.\nAbout ANSES\nANSES provides benchmarks to all who ask.",
        [
            "It is signed by both directors today.",
            "About ANSES",
            "ANSES provides benchmarks to all who ask.",
        ],
    ),
    (
        "PRESS RELEASE\nParis, 5 February 2020\nTwo French bodies sign a framework agreement",
        ["PRESS RELEASE", "Paris, 5 February 2020", "Two French bodies sign a framework agreement"],
    ),
    ("A line with\n   \nspaces between.", ["A line with", "spaces between."]),
    (
        "They met the director of the French national institute in the town\n– a friend of the agency – and\nsigned.",
        [
            "They met the director of the French national institute in the town\n– a friend of the agency – and\nsigned."
        ],
    ),
    (
        "The body was founded by law in\n1964. It has grown to be large.",
        ["The body was founded by law in\n1964.", "It has grown to be large."],
    ),
    ("One.\n-----\nTwo.", ["One.", "-----", "Two."]),
    ("1. Scope\n\nIt covers all.", ["1. Scope", "It covers all."]),
    (
        "“First paragraph of a quotation.\n\n“Second paragraph. End,” she said.",
        ["“First paragraph of a quotation.", "“Second paragraph. End,” she said."],
    ),
    ("One page\n\fnext page. End.", ["One page\n\fnext page.", "End."]),
    ("One\u2028two. Three.", ["One\u2028two.", "Three."]),
    ("Objectives\n- share data\n\nEnd", ["Objectives", "- share data", "End"]),
    ("Aims:\n-share data\n-train staff", ["Aims:", "-share data", "-train staff"]),
    (
        "About Acme Inc.\nAcme Inc. is listed in Paris. It is old.",
        ["About Acme Inc.", "Acme Inc. is listed in Paris.", "It is old."],
    ),
    ("- “One is old. Two is new.”\n- Three", ["- “One is old.", "Two is new.”", "- Three"]),
    ("The Ministry of Health,\nParis", ["The Ministry of Health,\nParis"]),
    ("Title: One\nSubtitle: Two\n\nText", ["Title: One", "Subtitle: Two", "Text"]),
    (
        "ANSES\n14 rue Pierre et Marie Curie\n94701 Maisons-Alfort",
        ["ANSES", "14 rue Pierre et Marie Curie", "94701 Maisons-Alfort"],
    ),
    (
        "They agreed on many things and then signed, on page\n12. research was named first of all the things.",
        [
            "They agreed on many things and then signed, on page\n12. research was named first of all the things."
        ],
    ),
    ("ii) One is\n    old.\niii) Two.", ["ii) One is\n    old.", "iii) Two."]),
    ("# # #\n-END-", ["# # #", "-END-"]),
    ("\tOne.\n\t\tTwo.\t", ["One.", "Two."]),
    ('"\nOne.', ['"\nOne.']),
    (
        "- ANSES\nThe agreement is signed by both of them in Paris today.",
        ["- ANSES", "The agreement is signed by both of them in Paris today."],
    ),
    (
        "the agency\nANSES signs with the other agency in Paris today.",
        ["the agency\nANSES signs with the other agency in Paris today."],
    ),
    (
        "- the first item is the longest of all the lines of the list\n- the second is short",
        ["- the first item is the longest of all the lines of the list", "- the second is short"],
    ),
    (
        "They agree on a list that has a number of\n• one",
        ["They agree on a list that has a number of", "• one"],
    ),
    ("One goes\n--\ntwo.", ["One goes\n--\ntwo."]),
    ("One.\n***\ntwo.", ["One.", "***", "two."]),
    (
        "A heading that leaves seven columns, not six\nInserm is in a line that is fifty-one columns long.",
        [
            "A heading that leaves seven columns, not six",
            "Inserm is in a line that is fifty-one columns long.",
        ],
    ),
    (
        "A heading that leaves six columns, not sevens\nInserm is in a line that is fifty-one columns long.",
        [
            "A heading that leaves six columns, not sevens\nInserm is in a line that is fifty-one columns long."
        ],
    ),
    (
        "They agree on the following after a long and rather dull meeting:\n- one",
        ["They agree on the following after a long and rather dull meeting:", "- one"],
    ),
    (
        "They agree on the following after a long and rather dull meeting.\n- one",
        ["They agree on the following after a long and rather dull meeting.", "- one"],
    ),
    (
        "They agree on the following after a long and dull meeting in\nParis town\nANSES says so.",
        [
            "They agree on the following after a long and dull meeting in\nParis town\nANSES says so."
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH_SENTENCES)
def test_an_english_paragraph_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert pieces(text, "en") == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH_LAYOUT)
def test_an_english_text_is_cut_by_its_layout(text: str, expected: list[str]) -> None:
    assert pieces(text, "en") == expected


# The cuts are marked by ‖: titles, references, items, notes, invisible characters, dots.
ENGLISH_CUTS = [
    "Amb. Roe and Insp. Hill met Dir. Gen. Moss.‖ They signed.",
    "The Rt. Hon. Lord Moss, Mmes. Roe and Hill signed.‖ They met.",
    "Art. 5 para. 3 of Reg. No. 178/2002 and sub-para. 2 apply.‖ They hold.",
    "The Asst. Sec. Hill spoke.",
    "Supt. Gray and Brig. Gen. Moss came.‖ Then they left.",
    "Assoc. Prof. Hill and Rep. Doe agreed.",
    "He wrote to Msgr. Roe and Atty. Hill.",
    "See paras. 5 and 6 of the text.‖ It is short.",
    "Under reg. 4 and cl. 7, it holds.",
    "Dec. 2005/12 and Dir. 2001/82 apply.",
    "See ann. II and app. 3 of Reg. (EC) No. 178/2002 here.",
    "See sect. IV and arts. 3 to 5.‖ The rest stands.",
    "Point (a) of Art. (3) applies.",
    "The aims are: a. Joint training.‖ b. Shared data.‖ c. One laboratory.",
    "They agreed: i. to train; ii. to share; iii. to publish.",
    "Three steps follow.‖ 1. Train.‖ 2. Share.‖ 3. Publish.",
    "We met in rooms 3, 4 and 5.‖ The end came.",
    "It grew to 12.‖ The agency signed.",
    "The total is: 12.‖ The agency signed.",
    "A. Who signs?‖ The agency.‖ B. When?‖ In May.",
    "Q1. Who signs?‖ The agency does.",
    "Article 2. Duration.‖ The agreement lasts.",
    "Section 3. – Scope",
    "The gap is known.12‖ The agency acts.",
    "The gap is known.12,13‖ The agency acts.",
    "The gap is known (see above).10‖ The agency acts.",
    'He said "yes."3‖ The agency acts.',
    "The gap is known.¹,²‖ The agency acts.",
    "The gap is known.†‖ The agency acts.",
    "The gap is known.[a]‖ The agency acts.",
    "See p.12 The rest is lost.",
    "Is it known?4‖ The agency acts.",
    "The agency signed.\ufeff‖ The institute signed too.",
    "The agency signed.\u00ad‖ The institute signed too.",
    "The agency signed.\u2060‖ The institute signed too.",
    "The agency signed.‖ \u200bThe institute signed too.",
    "The agency signed\u200b.‖ The institute signed too.",
    "The agency signed.\u200e\u200b‖ The institute signed too.",
    "He met Dr\u200b. Smith here.",
    "It goes on .. . and on.",
    "It goes on. . . and on.",
    "It goes on . . . .‖ The rest follows.",
    "It goes on (. . .) and on.",
    "It ends .‖ The agency signed.",
    "She said 'It works. We signed.' and left.",
    "'We sign. We act,' he said.‖ Then he left.",
    "The parties' plan is old.‖ The agencies' aim is new.",
    "Don't stop.‖ It's good.‖ The '90s are over.",
    "He called it 'the plan'.‖ She called it 'a hope'.",
    "They use version 2.1 The agency says so.",
]


@pytest.mark.parametrize("marked", ENGLISH_CUTS)
def test_an_english_text_is_cut_at_the_marks_and_nowhere_else(marked: str) -> None:
    expected = [piece.lstrip() for piece in marked.split("‖")]
    assert pieces(marked.replace("‖", ""), "en") == expected
