"""What the board gives away: the records behind its pages as files, as a package with a schema, and by an interface.

`columns` says what a value is and how it is written, `asking` reads a question, each of `land`, `register`, `figures`,
`counter` and `past` holds some resources, `catalogue` all of them; `files` writes them, `package` describes them,
`tracking` sees what came and went. Nothing here writes a record of the board.
"""
