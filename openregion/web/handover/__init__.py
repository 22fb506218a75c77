"""The hand-over pack: everything of a cycle as one archive that opens without a network, for the next council."""
