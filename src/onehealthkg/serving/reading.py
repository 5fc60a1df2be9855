"""The processes that read the data, one for queries and one for pages, at the same time.

What they do with the data is imported in them, so that they start at once and in parallel.
"""

from __future__ import annotations

from typing import NamedTuple

from onehealthkg.errors import OneHealthKGError
from onehealthkg.paths import Project
from onehealthkg.serving.workers import Template, Work


class Reading(NamedTuple):
    """A version of the data, and the templates that read it for queries and for pages."""

    version: str
    queries: Template
    pages: Template

    def wait(self) -> None:
        """Return once all is read. Raises what reading raises."""
        wait(self.queries, self.pages)
        wait(self.pages, self.queries)


def begin(project: Project, most: int) -> Reading:
    """Begin to read a project; an answer to a query will have at most ``most`` bytes."""

    def endpoint() -> Work:
        from onehealthkg.serving.service import endpoint

        return endpoint(project, most)

    def site() -> Work:
        from onehealthkg.serving.site import site

        return site(project)

    return Reading(project.fingerprint(), Template(endpoint), Template(site))


def wait(template: Template, other: Template) -> None:
    """Wait until a template has read the data; if it cannot, close the other one too."""
    try:
        template.wait()
    except OneHealthKGError:
        other.close()
        raise
