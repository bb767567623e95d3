"""Reports: said in a few declarations, answered in one statement each, shown by one page."""
