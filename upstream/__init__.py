"""The one door to the campaign systems: sessions, authentication, HTTP policy, and a request class for each route."""
