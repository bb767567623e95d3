"""Reading opening-stock sheets: pure values in, pure values out, no database."""
