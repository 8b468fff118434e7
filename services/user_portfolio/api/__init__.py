"""HTTP in: an account, its positions, its activities and its ledger, in the shape of Alpaca's Trading API."""

from user_portfolio.api.views import blueprint

__all__ = ["blueprint"]
