"""The account of the demo: a key with a limit, and credits."""

from decimal import Decimal

from tui.demo.catalogue import Json

_LIMIT = Decimal(10)
_CREDITS = Decimal(25)


def key_row(spent: Decimal) -> Json:
    """What ``GET /key`` tells; ``spent`` is the account's usage in USD."""
    spans = ("usage", "usage_daily", "usage_weekly", "usage_monthly")
    return {
        "label": "demo",
        "limit": _LIMIT,
        "limit_remaining": max(Decimal(0), _LIMIT - spent),
        "limit_reset": None,
        **dict.fromkeys(spans, spent),
        **{f"byok_{span}": 0 for span in spans},
        "include_byok_in_limit": False,
        "is_free_tier": False,
        "free_model_daily_requests": {"limit": 1000, "used": 0, "remaining": 1000},
        "is_management_key": False,
        "is_provisioning_key": False,
        "creator_user_id": None,
        "expires_at": None,
        "rate_limit": {"requests": -1, "interval": "10s", "note": "This field is deprecated."},
    }


def credits_row(spent: Decimal) -> Json:
    """What ``GET /credits`` tells, in USD."""
    return {"total_credits": _CREDITS, "total_usage": spent}
