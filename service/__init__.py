"""The web application people sign in to. The only room that knows HTTP."""
