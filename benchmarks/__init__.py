"""How fast the engine is, as a ratio to PostgreSQL's own floor in the same run (`make bench`)."""
