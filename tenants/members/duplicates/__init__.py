"""One person who may stand in the register twice: found, told apart, or linked and unlinked."""
