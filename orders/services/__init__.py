"""What is done with documents. Stock first, then papers: see docs/adr/0010-stock-first-then-papers.md."""
