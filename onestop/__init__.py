"""The one-stop counter: procedures, dossiers, steps, time limits and papers."""
