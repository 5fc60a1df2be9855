"""The abbreviations and other words that decide whether a full stop ends a sentence.

The lists are our own. We compared them with the published list of the CLDR (segments, Unicode
License): it lacks *para.* and *Amb.*, and lists *In.*, *To.* and *Up.* as abbreviations.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """The words that the rules of one language use.

    A word in lower case here matches in any case, except as two capitals: "MS" and "CA" are not
    titles. A word with a capital here matches exactly.
    """

    inner: frozenset[str]  # never ends a sentence: titles, "e.g."
    numbered: frozenset[str]  # does not end a sentence before a number: "No. 5"
    either: frozenset[str]  # ends a sentence only before an opener: "Inc.", "Feb."
    openers: frozenset[str]  # words that open sentences
    particles: frozenset[str]  # openers that can also open a surname: "P. Le Guen"
    linking: frozenset[str]  # words that no heading ends with


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGES = {
    "en": Language(
        inner=_words(
            "dr drs mr mrs Md Ms Mx messrs Mme Mmes MM prof profs Asst Assoc Rev Hon Gen Col Lt"
            " Capt Cmdr Cpl Sgt Maj Brig Adm Gov Sen Sens Rep Reps Pres Amb Insp Supt Dir Dep Msgr"
            " Mgr Fr Bro Min Sec Treas Chmn Cllr Comr Commr Atty Eng Engr Lieut Vet v vs e.g i.e"
            " eg ie viz cf approx acc ca circa incl esp resp ibid loc Rt Exc Excy"
        ),
        numbered=_words(
            "No Nos no nos Nr art arts fig figs vol vols p pp ch chap chaps sec secs sect sects"
            " eq eqs ref refs n nn c op cl para paras par pars subpara sub-para reg regs dir dec"
            " ann annex app sch ex tab pt pts tit rec recs res item fn col l ll dist"
        ),
        either=_words(
            "inc ltd pvt co corp bros plc llc Jr Sr jr sr al St Mt Ft Ave Blvd Rd dept univ"
            " inst insts depts lab labs fac acad hosp found fdn cttee cmte comm prog proj admin"
            " exec sci med agr agric env tech techn assoc assn natl intl govt ed eds est tel ext"
            " min max hr hrs avg misc suppl Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon"
            " Tue Tues Wed Thu Thur Thurs Fri Sat Sun sp spp subsp var"
        ),
        openers=_words(
            "A After All Also Although An And Another As At Because Before Both But By During"
            " Each Early Finally For From Furthermore Given He Her Here His How However If In It"
            " Its Last Many More Moreover Most My No On Once One Or Other Our Over She Since So"
            " Some Such That The Their Then There These They This Those Through Thus To Today"
            " Together Under Until We What When Where Whether While Who Why With You Your"
        ),
        particles=frozenset(),
        linking=_words(
            "a an the and or but nor of in on at by to for from with as into than that which"
            " who between under over its their his her our is are was were be been has have had"
            " will not this these those"
        ),
    ),
    "fr": Language(
        inner=_words(
            "M MM mr mrs mme mmes mlle mlles dr drs Drs Dre Dres Pr Prs Pre Prof Profs Me Mes Mgr"
            " Dir Col Cdt Cne Cap Gal Gén Lt Maj Adj Amb Ing Insp Prés Vice-Prés Pdt Pdte Secr Sén"
            " sén Exc Dép Préf Min Rect Proc Rév Abbé p.ex ex c.-à-d c-à-d càd cf env av apr v vs"
            " i.e e.g ca ibid"
        ),
        numbered=_words(
            "art arts fig figs vol vols p pp chap ch sect n no nos ann app tab réf réfs al alin"
            " par paragr t tit liv règl regl dir déc dec arr circ délib rec rés pt pts let litt"
            " annexe éq"
        ),
        either=_words(
            "St Ste Sts bd boul dép dépt adj adm arr cie éd éds ét hab inc ltd al janv févr fév"
            " avr juil juill sept oct nov déc tél min max sté univ inst dépts fac labo hôp gén"
            " rég nat int admin scient sc techn méd vét agr agron gouv comm secr serv ets éts"
            " suppl Ch Th Ph Cl Fr sp spp subsp réd trad coll resp"
        ),
        openers=_words(
            "À Ainsi Alors Après Au Aucun Aucune Aussi Autre Autres Aux Avant Avec Car Ce Ceci"
            " Cela Celle Celles Celui Cependant Ces Cet Cette Ceux Chaque C Certains Certaines"
            " Comme Comment D Dans De Depuis Des Donc Du Elle Elles En Enfin Entre Est Et Grâce"
            " Il Ils J Je L La Le Les Leur Leurs Lors Lorsque Mais Mes Mon N Ni Nos Notre Nous"
            " On Or Ou Où Par Parce Parmi Pendant Plus Plusieurs Pour Pourquoi Puis Qu Quand Que"
            " Quel Quelle Qui S Sa Sans Selon Ses Si Son Sous Sur Tous Tout Toute Toutefois"
            " Toutes Très Un Une Vers Voici Voilà Vos Votre Vous Y"
        ),
        particles=_words("La Le De Du D"),
        linking=_words(
            "de du des la le les un une et ou ni mais à au aux en dans sur sous par pour avec"
            " sans entre vers chez que qui dont où ce cet cette ces son sa ses leur leurs est"
            " sont a ont sera seront été ne pas plus"
        ),
    ),
}


def knows(words: frozenset[str], word: str) -> bool:
    """Whether a list has a word; see ``Language`` for upper and lower case."""
    capitals = len(word) == 2 and word.isupper()
    return word in words or (not capitals and word.lower() in words)
