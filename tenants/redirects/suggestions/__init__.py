"""What a match run suggests across the border: a nearer branch next door, for a person to decide."""
