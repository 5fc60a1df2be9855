"""Settings of Sphinx (https://www.sphinx-doc.org/en/master/usage/configuration.html)."""

from importlib import metadata

project = "onehealthkg"
author = "onehealthkg contributors"
copyright = "onehealthkg contributors, CC BY 4.0"  # noqa: A001 - Sphinx's name
release = metadata.version("onehealthkg")

extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["**/_*.md"]  # parts that a page includes
nitpick_ignore_regex = [
    ("py:.*", ".*")
]  # pyoxigraph and rdflib have no inventory without a network

myst_heading_anchors = 3
myst_links_external_new_tab = False
nb_execution_mode = "force"  # the notebook is run at each build, and kept without its output
nb_execution_raise_on_error = True
nb_execution_timeout = 120

autodoc_member_order = "bysource"
autodoc_typehints = "description"

html_theme = "pydata_sphinx_theme"
html_title = "onehealthkg"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
}
# Fences that Pygments does not know are shown as they are.
highlight_language = "text"
