"""Reads that services, pages and the API share: one statement each, whatever the number of rows."""
