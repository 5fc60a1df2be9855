"""What the shell offers when Tab is pressed: commands, questions, their options, names of things.

``onehealthkg completion bash`` (or zsh, fish) prints a few lines for the shell's start file. They
call ``onehealthkg completion --words`` with the words so far; so whatever the graph has is offered,
and nothing is to be kept up to date. Words that cannot be completed are silently left alone.
"""

from __future__ import annotations

from onehealthkg.errors import OneHealthKGError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from onehealthkg.queries.questions import Parameter

SCRIPTS = {
    "bash": """\
# In ~/.bashrc: eval "$(onehealthkg completion bash)"
_onehealthkg() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$(printf %q "$line")")
    done < <(onehealthkg completion --words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _onehealthkg onehealthkg
""",
    "zsh": """\
# In ~/.zshrc, after compinit: eval "$(onehealthkg completion zsh)"
_onehealthkg() {
    local -a found
    found=("${(@f)$(onehealthkg completion --words "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -Q -- "${(@q)found:#}" || _files
}
compdef _onehealthkg onehealthkg
""",
    "fish": """\
# In ~/.config/fish/config.fish: onehealthkg completion fish | source
complete -c onehealthkg -f -a "(onehealthkg completion --words \
(commandline -opc)[2..] (commandline -ct) 2>/dev/null)"
""",
}


def script(shell: str) -> str:
    """The lines for a shell's start file; UsageError for a shell that is not known."""
    if shell not in SCRIPTS:
        raise UsageError(f'completion: "{shell}" is none of {", ".join(SCRIPTS)}.')
    return SCRIPTS[shell]


def candidates(words: Sequence[str], commands: Sequence[str]) -> list[str]:
    """What the last of the words can become, sorted; an empty list where nothing is known."""
    *before, last = words or [""]
    typed = last.lstrip("\"'").replace("\\", "").casefold()
    try:
        known = _known(before, commands)
    except OneHealthKGError:
        return []
    return sorted({one for one in known if one.casefold().startswith(typed)})


def _known(before: Sequence[str], commands: Sequence[str]) -> list[str]:
    from onehealthkg.paths import bundled
    from onehealthkg.queries.questions import FLAG, names, question

    if not before:
        return list(commands)
    if before[0] in ("query", "queries") and len(before) == 1:
        return names(bundled())
    if before[0] == "query":
        parameters = {f"--{one.name}": one for one in question(bundled(), before[1]).parameters}
        option = before[-1]
        if option in parameters and parameters[option].type != FLAG:
            return _values(parameters[option])
        if option == "--format":
            from onehealthkg.queries.results import FORMATS

            return list(FORMATS)
        if option in ("-o", "--output", "--timeout", "--project"):
            return []
        return [*parameters, "--explain", "--format", "--output", "--timeout"]
    return _things("thing") if before[0] == "show" and len(before) == 1 else []


def _values(parameter: Parameter) -> list[str]:
    from onehealthkg.queries.parameters import LITERALS

    if parameter.allowed or parameter.type in LITERALS:
        return list(parameter.allowed)
    return _things(parameter.type)


def _things(kind: str) -> list[str]:
    """The first name of each thing of a kind in each language; what has none, its local name."""
    from onehealthkg.dataset.cache import load_store
    from onehealthkg.labels import PREFERRED
    from onehealthkg.names import SOURCE, local_name
    from onehealthkg.paths import bundled
    from onehealthkg.queries.parameters import members
    from onehealthkg.terms import plain, values

    store = load_store(bundled())
    found: list[str] = []
    for thing in members(store, kind):
        labels = [plain(one) for one in values(store, thing, PREFERRED)]
        iri = thing.value
        other = iri.removeprefix(SOURCE) if iri.startswith(SOURCE) else local_name(iri)
        found += labels or [other]
    return found
