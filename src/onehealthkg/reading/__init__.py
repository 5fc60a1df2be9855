"""What a text mentions: dates, lengths of time, numbers, amounts and names, and where.

``names.names_of(store)`` gathers the labels of a graph once; ``read.read(text, language, names)``
gives the mentions of a text, each with its place in it. ``read.introduced`` tells which acronyms a
text gives in brackets, for the texts that follow, and ``read.quoted`` where a text has a quotation.
"""
