"""Actito: request classes and models, one module for each route category.

A category of routes stands in front of each path (`/email-campaigns/v4/...`) since the reorganisation of 2025; the form
before it had none (`/v4/...`) and may still be the one that an installation answers (`upstream.styles`).
"""
