"""The locations of a project's files. No other module knows them."""

from __future__ import annotations

import binascii
import os
import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import onehealthkg
from onehealthkg.errors import InputError, UsageError, unreadable

_ONTOLOGY = ("ontology", "onehealth.ttl")
"""The file that marks a folder as a project."""

_READ = (".ttl", ".rq", ".trig", ".yaml", ".jsonld", ".sssom.tsv")
"""The endings of the files that the graph is made from."""

_NOT_IN_NAME = re.compile(r"[^\w.-]")


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
        """Whether the files belong to the installed package, which an update replaces."""
        package = os.path.dirname(os.path.abspath(__file__))
        return (self.root + os.sep).startswith(package + os.sep)

    def must_be_own(self, command: str) -> None:
        """Raise UsageError if an update of the package would overwrite what a command writes."""
        if self.is_installed:
            raise UsageError(
                f"{command}: the bundled data is a part of the installed package, and an update "
                "would undo what you write. Make a project of your own with onehealthkg init DIR, "
                "and run the command there."
            )

    @property
    def name(self) -> str:
        """The project's name in messages: its folder, or the bundled data with its version."""
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
        """The JSON-LD context."""
        return self._path("ontology", "context.jsonld")

    @property
    def record_context_file(self) -> Path:
        """The JSON-LD context of records, which adds two keys."""
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
        """The file with statements of a vocabulary about concepts linked to ours."""
        return self._path("data", f"enriched-{vocabulary}.ttl")

    @property
    def links_file(self) -> Path:
        """The mappings to external vocabularies; the file may be missing."""
        return self._path("data", "links.sssom.tsv")

    @property
    def records(self) -> list[Path]:
        """The records of partnerships, sorted; empty if the project has no such folder."""
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
        """The archived texts, sorted; InputError for a name that cannot be part of an IRI."""
        texts = self._files("data/sources", ".txt")
        for path in texts:
            if _NOT_IN_NAME.search(path.name):
                raise InputError(
                    f"{path}: rename the file, with lower-case letters, digits and hyphens only, "
                    "as in 2020-02-05-anses-inserm.txt: the name becomes part of an IRI."
                )
        return texts

    @property
    def drafts(self) -> Path:
        """The folder with the answers of sessions that can be resumed."""
        return self._path(".drafts")

    def fingerprint(self) -> str:
        """The digest of names, sizes and times of change of all files the graph is made from.

        One of the two times is set by the system alone, so a file of the same size whose
        modification time was set back still changes the fingerprint.
        """
        seen = blake2b()
        for folder in ("ontology", "ontology/rules", "data", "data/sources", "data/partnerships"):
            seen.update(f"{folder}\0".encode())
            for name, state in self._states(folder, _READ):
                seen.update(os.fsencode(f"{name} {state}\0"))
        return seen.hexdigest()

    def states(self, folder: str, endings: tuple[str, ...]) -> dict[str, str]:
        """Size and times of change of the files of a folder with these endings, by name.

        Empty if there is no such folder.
        """
        return dict(self._states(folder, endings))

    def _states(self, folder: str, endings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        path = os.path.join(self.root, *folder.split("/"))
        if not os.path.isdir(path):
            return
        for name in self._names(folder, endings):
            yield name, file_state(f"{path}{os.sep}{name}")

    def _names(self, folder: str, endings: str | tuple[str, ...]) -> list[str]:
        """The names of the files of a folder with these endings, sorted, without hidden ones."""
        path = self._path(*folder.split("/"))
        names = []
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        self._refuse_outside(entry.path)
                    if entry.name.endswith(endings) and not entry.name.startswith("."):
                        names.append(entry.name)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read: {error.strerror}; a project has the folders "
                "ontology, ontology/rules, ontology/checks, data, data/sources and queries."
            ) from None
        return sorted(names)

    def _files(self, folder: str, ending: str) -> list[Path]:
        return [Path(self.root, folder, name) for name in self._names(folder, ending)]

    def _path(self, *parts: str) -> Path:
        """A file or folder of the project; InputError if a link leads out of the project."""
        path = self.root
        for part in parts:
            path = os.path.join(path, part)
            if os.path.islink(path):
                self._refuse_outside(path)
        return Path(path)

    def _refuse_outside(self, link: str) -> None:
        """Raise InputError: a project from elsewhere must not make the program read other files."""
        root = os.path.realpath(self.root) + os.sep
        if not (os.path.realpath(link) + os.sep).startswith(root) and not self.is_installed:
            raise InputError(
                f"{link}: this link leads out of the project; put the file itself in its place."
            )


def file_state(path: str) -> str:
    """Size, and times of change of the content and of its metadata; InputError without a file."""
    try:
        found = os.stat(path)
    except OSError as error:  # such as a link to nothing
        raise unreadable(path, error) from None
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def nearest(folder: str | os.PathLike[str] = ".") -> Project | None:
    """The project containing a folder: the folder itself, or its nearest ancestor that is one."""
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


def project_in(folder: str | os.PathLike[str]) -> Project:
    """The project in a folder. Raises InputError if there is no such folder."""
    if not os.path.isdir(folder):
        raise InputError(f"{folder}: there is no such folder; name the folder of a project.")
    return Project(folder)


def bundled() -> Project:
    """The bundled project: the checkout, or the data in an installed wheel."""
    package = os.path.dirname(os.path.abspath(__file__))
    bundle = os.path.join(package, "bundle")
    return Project(bundle if os.path.isdir(bundle) else os.path.dirname(os.path.dirname(package)))


def cache_file(project: Project) -> str:
    """The file in which the graph of a project is cached between commands."""
    return os.path.join(_cache(), f"{binascii.crc32(os.fsencode(project.root)):08x}.nq")


def kept_folder(project: Project) -> str:
    """The folder in which intermediate results of a project are cached between commands."""
    return cache_file(project).removesuffix(".nq") + ".parts"


def kept_note(project: Project) -> str:
    """The file without which they are not used."""
    return os.path.join(kept_folder(project), "parts.note")


def words_cache(language: str) -> str:
    """The file in which the words of the interface in a language are cached."""
    return os.path.join(_cache(), f"words-{language}.json")


def answers_folder() -> str:
    """The folder of cached answers of remote endpoints."""
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
