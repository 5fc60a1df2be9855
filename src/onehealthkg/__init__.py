"""onehealthkg: who works with whom on One Health, and the sentence that says so.

    import onehealthkg
    kg = onehealthkg.load()
    print(kg.show("Inserm"))

The names below are imported when first used, so that a command loads only what
it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
    from onehealthkg.errors import OneHealthKGError
    from onehealthkg.graph import ConnectedGraph, KnowledgeGraph, connect, load

__all__ = ["ConnectedGraph", "KnowledgeGraph", "OneHealthKGError", "connect", "load"]

_HOMES = {
    "ConnectedGraph": "onehealthkg.graph",
    "KnowledgeGraph": "onehealthkg.graph",
    "OneHealthKGError": "onehealthkg.errors",
    "connect": "onehealthkg.graph",
    "load": "onehealthkg.graph",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib import metadata

        return metadata.version("onehealthkg")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'onehealthkg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
