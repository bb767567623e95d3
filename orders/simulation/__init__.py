"""Histories made through documents: what the replay of a year does with `--through-orders`."""
