"""Self-reports: members who come by themselves, through the open letter's link."""
