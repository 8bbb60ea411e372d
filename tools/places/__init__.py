"""Places: what can be browsed in the campaign systems, each under an address, as a person clicks through it."""
