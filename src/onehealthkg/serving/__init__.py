"""The pages and the SPARQL endpoint over HTTP."""
