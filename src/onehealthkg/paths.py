"""Where the files of a project lie. The only module that knows."""

from __future__ import annotations

import binascii
import os
from pathlib import Path

import onehealthkg
from onehealthkg.errors import InputError, UsageError

_ONTOLOGY = ("ontology", "onehealth.ttl")
"""The file by which a folder is known as a project."""


class Project:
    """A folder with ontology/, data/ and queries/."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        try:
            self.root = os.path.abspath(root)
        except OSError as error:
            message = f"{root}: the current folder cannot be read: {error.strerror}; go to another."
            raise InputError(message) from None

    def __repr__(self) -> str:
        return f"Project({self.root!r})"

    @property
    def is_installed(self) -> bool:
        """Whether the files are a part of the installed package, which an update replaces."""
        package = os.path.dirname(os.path.abspath(__file__))
        return (self.root + os.sep).startswith(package + os.sep)

    def must_be_own(self, command: str) -> None:
        """Raise UsageError where what a command writes would be lost with an update."""
        if self.is_installed:
            raise UsageError(
                f"{command}: the bundled data is a part of the installed package, and an update "
                "would undo what you write. Make a project of your own with onehealthkg init DIR, "
                "and run the command there."
            )

    @property
    def name(self) -> str:
        """How the project is named to people: its folder, or the bundled data with its version."""
        if self.root == bundled().root:
            return f"bundled data {onehealthkg.__version__}"
        try:
            here = os.path.relpath(self.root)
        except (OSError, ValueError):
            return self.root
        return self.root if here.startswith(os.pardir + os.sep + os.pardir) else f"{here}{os.sep}"

    @property
    def ontology_file(self) -> Path:
        """The ontology."""
        return self._path(*_ONTOLOGY)

    @property
    def shapes_file(self) -> Path:
        """The SHACL shapes."""
        return self._path("ontology", "shapes.ttl")

    @property
    def context_file(self) -> Path:
        """The words of our JSON-LD."""
        return self._path("ontology", "context.jsonld")

    @property
    def record_context_file(self) -> Path:
        """The words of records, which are those of our JSON-LD and two more."""
        return self._path("ontology", "record.jsonld")

    @property
    def rules(self) -> list[Path]:
        """The rules of inference, sorted."""
        return self._files("ontology/rules", ".rq")

    @property
    def checks(self) -> list[Path]:
        """The checks that are queries, sorted."""
        return self._files("ontology/checks", ".rq")

    @property
    def queries(self) -> list[Path]:
        """The questions that analysts ask, sorted."""
        return self._files("queries", ".rq")

    @property
    def curated(self) -> list[Path]:
        """The thesauri and authority records, sorted."""
        return self._files("data", ".ttl")

    def enriched(self, vocabulary: str) -> Path:
        """The file with what a vocabulary says of the concepts that ours are linked to."""
        return self._path("data", f"enriched-{vocabulary}.ttl")

    @property
    def links_file(self) -> Path:
        """The mappings of our things to those of others; there may be none."""
        return self._path("data", "links.sssom.tsv")

    @property
    def records(self) -> list[Path]:
        """The records of partnerships, sorted; none in a project that has no such folder."""
        found = self._path("data", "partnerships").is_dir()
        return self._files("data/partnerships", ".yaml") if found else []

    @property
    def sources(self) -> Path:
        """The folder of the archived texts and their statements."""
        return self._path("data", "sources")

    @property
    def statements(self) -> list[Path]:
        """The TriG files beside the archived texts, sorted."""
        return self._files("data/sources", ".trig")

    @property
    def texts(self) -> list[Path]:
        """The archived texts, sorted."""
        return self._files("data/sources", ".txt")

    def fingerprint(self) -> str:
        """Names, sizes and times of change of all files that the graph is made from.

        The system sets one of the two times itself: a file of the same size whose time was set
        back is another state.
        """
        folders = ["ontology", "ontology/rules", "data", "data/sources"]
        if os.path.isdir(os.path.join(self.root, "data", "partnerships")):
            folders.append("data/partnerships")
        seen = [
            _state(entry)
            for folder in folders
            for entry in self._entries(folder)
            if entry.name.endswith((".ttl", ".rq", ".trig", ".yaml", ".jsonld", ".sssom.tsv"))
            and not entry.name.startswith(".")
        ]
        return repr(sorted(seen))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        path = self._path(*folder.split("/"))
        try:
            with os.scandir(path) as listed:
                entries = list(listed)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read: {error.strerror}; a project has the folders "
                "ontology, ontology/rules, ontology/checks, data, data/sources and queries."
            ) from None
        for entry in entries:
            if entry.is_symlink():
                self._refuse_outside(entry.path)
        return entries

    def _files(self, folder: str, ending: str) -> list[Path]:
        names = sorted(one.name for one in self._entries(folder) if one.name.endswith(ending))
        return [Path(self.root, folder, name) for name in names if not name.startswith(".")]

    def _path(self, *parts: str) -> Path:
        """A file or folder of the project; InputError where a link leads out of the project."""
        path = self.root
        for part in parts:
            path = os.path.join(path, part)
            if os.path.islink(path):
                self._refuse_outside(path)
        return Path(path)

    def _refuse_outside(self, link: str) -> None:
        """Whoever sends a project must not have it read other files of whoever reads it."""
        root = os.path.realpath(self.root) + os.sep
        if not (os.path.realpath(link) + os.sep).startswith(root) and not self.is_installed:
            raise InputError(
                f"{link}: this link leads out of the project; put the file itself in its place."
            )


def _state(entry: os.DirEntry[str]) -> tuple[str, int, int, int]:
    """Path, size and times of change, of the content and of whatever the system knows of it."""
    try:
        found = entry.stat()
    except OSError as error:
        raise InputError(f"{entry.path}: cannot be read: {error.strerror}.") from None
    return entry.path, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def nearest(folder: str | os.PathLike[str] = ".") -> Project | None:
    """The project that a folder lies in: it, or the nearest one above that is a project."""
    try:
        place = os.path.abspath(folder)
    except OSError:  # the current folder was removed
        return None
    while not os.path.isfile(os.path.join(place, *_ONTOLOGY)):
        above = os.path.dirname(place)
        if above == place:
            return None
        place = above
    return Project(place)


def bundled() -> Project:
    """The project that came with the package: the checkout, or the bundle of an installed wheel."""
    package = os.path.dirname(os.path.abspath(__file__))
    bundle = os.path.join(package, "bundle")
    return Project(bundle if os.path.isdir(bundle) else os.path.dirname(os.path.dirname(package)))


def cache_file(project: Project) -> str:
    """Where the graph of a project is kept between commands: one file a project."""
    return os.path.join(_cache(), f"{binascii.crc32(os.fsencode(project.root)):08x}.nq")


def answers_folder() -> str:
    """Where the answers of remote endpoints are kept."""
    return os.path.join(_cache(), "answers")


def _cache() -> str:
    """``$ONEHEALTHKG_CACHE``, else ``onehealthkg`` in the user's cache folder.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    folder = os.environ.get("ONEHEALTHKG_CACHE")
    if not folder:
        home = os.path.expanduser("~")
        if os.name == "nt":
            base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        else:
            base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
        folder = os.path.join(base, "onehealthkg")
    return folder
