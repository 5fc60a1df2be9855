"""RDF files and the SPARQL files of a project: read, written, compared."""
