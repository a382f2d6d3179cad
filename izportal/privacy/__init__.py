"""What is kept of a person: shown (`kept`), given out (`export`) and erased on request (`erasure`)."""
