"""The pages that list all agreements and all organisations in a table."""

from __future__ import annotations

from onehealthkg.days import today
from onehealthkg.pages.listings import listing
from onehealthkg.pages.status import status
from onehealthkg.pages.view import View


def agreements(view: View) -> str:
    """The page ``agreements.html``: the latest first, each with its status today."""
    world = view.world
    part = listing(world, "agreements.html").page(view.address)
    rows = [
        {
            "anchor": anchor,
            "name": view.name(agreement),
            "begins": view.begins(agreement),
            "ends": view.ends(agreement),
            "status": status(world.span(agreement), today()),
            "parties": view.names(world.parties(agreement)),
        }
        for anchor, agreement in zip(part.anchors, part.items, strict=True)
    ]
    return view.render("agreements.html", view.words["all_agreements"], rows=rows, part=part)


def organisations(view: View) -> str:
    """The page ``organisations.html``: by name, with category, country and number of agreements."""
    world, facts = view.world, view.facts
    part = listing(world, "organisations.html").page(view.address)
    rows = []
    for anchor, organisation in zip(part.anchors, part.items, strict=True):
        country = world.country(organisation)
        rows.append(
            {
                "anchor": anchor,
                "name": view.name(organisation),
                "category": view.names(facts.nodes(organisation, "org:classification")),
                "country": view.names([country] if country else []),
                "agreements": len(world.agreements_of.get(organisation, ())),
            }
        )
    return view.render("organisations.html", view.words["all_organisations"], rows=rows, part=part)
