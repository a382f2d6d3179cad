"""What decisions say: wordings that staff keep (`wordings`), written in a little markup (`marks`), filled in from the
dossier (`placeholders`), shown as a draft and frozen at the signature (`letters`). Their pages stand in `admin`."""
