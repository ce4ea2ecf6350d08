"""The number of a member's identity document: optional, sealed, never read for what it says."""
