"""What each role may do with tiers when the product is new; an administrator's later changes win."""

VIEW = ["tiers.view_proposal", "tiers.view_tierchange"]
JUDGE = [*VIEW, "tiers.judge_customer"]
DECIDE = [
    *JUDGE,
    "tiers.score_customer",
    "tiers.accept_proposal",
    "tiers.override_proposal",
    "tiers.set_tier",
]
SETTINGS = [f"tiers.{verb}_{model}" for model in ("scheme", "weight", "service") for verb in ("view", "add", "change")]

GRANTS = {
    "sales": JUDGE,
    "sales_support": JUDGE,
    "sales_manager": DECIDE,
    "executive": DECIDE,
    "order_desk_manager": VIEW,
    "finance": VIEW,
    "administrator": [*DECIDE, *SETTINGS, "tiers.delete_scheme"],
}

SYSTEM_GRANTS = {"clock": ["tiers.withdraw_proposal"]}
