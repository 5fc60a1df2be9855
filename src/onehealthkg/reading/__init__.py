"""The mentions in a text: dates, durations, numbers, amounts and names, with their offsets.

``names.names_of(store)`` gathers the labels of a graph once; ``read.read(text, language, names)``
returns the mentions of a text, each with its place in it. ``read.introduced`` returns the acronyms
that a text defines in brackets, for the texts that follow, and ``read.quoted`` finds a quotation.
"""
