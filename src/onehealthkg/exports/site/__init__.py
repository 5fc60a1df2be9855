"""The report as a site: folders of pages to be read without a server."""
