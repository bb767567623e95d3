"""Histories made through the services: a real year replayed, and the demo's company."""
