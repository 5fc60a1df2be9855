"""Check digits, which reveal mistyped identifiers.

- ``iso7064-mod-11-2``: ISO/IEC 7064 MOD 11-2, of ISNI (ISO 27729, annex A).
- ``iso7064-mod-97-10-base32``: the last two digits of a ROR identifier are the ISO/IEC 7064
  MOD 97-10 check digits of the number that precedes them in Crockford's base 32
  (https://ror.readme.io/docs/ror-identifier-pattern , https://www.crockford.com/base32.html).
- ``luhn``: of SIREN (https://www.insee.fr/fr/metadonnees/definition/c2047).
"""

from collections.abc import Callable

_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def has_right_digits(method: str, identifier: str) -> bool:
    """Whether the check digits of an identifier are right; KeyError for an unknown method.

    An identifier without the form that the method expects is wrong.
    """
    try:
        return METHODS[method](identifier)
    except ValueError:
        return False


def _mod_11_2(identifier: str) -> bool:
    rest = 0
    for digit in identifier[:-1]:
        rest = (rest + int(digit)) * 2 % 11
    return identifier[-1:] == "0123456789X"[(12 - rest) % 11]


def _mod_97_10_base32(identifier: str) -> bool:
    number = 0
    for character in identifier[:-2]:
        number = number * 32 + _BASE32.index(character)
    return int(identifier[-2:]) == 98 - number * 100 % 97


def _luhn(identifier: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(identifier)):
        total += sum(divmod(int(digit) * (1 + place % 2), 10))
    return total % 10 == 0


METHODS: dict[str, Callable[[str], bool]] = {
    "iso7064-mod-11-2": _mod_11_2,
    "iso7064-mod-97-10-base32": _mod_97_10_base32,
    "luhn": _luhn,
}
