"""Of the dumps that `up` makes before it migrates only the newest stay."""

from pathlib import Path

from crm.run.dumps import keep_newest


def test_the_newest_five_of_a_reason_stay_and_all_that_is_somebody_elses(tmp_path: Path) -> None:
    ours = [f"2026{month:02}01-030000-before-migrating.dump" for month in range(1, 8)]
    others = ["20250101-030000-by-hand.dump", "before-migrating.dump", "mine-before-migrating.dump"]
    for name in ours + others:
        (tmp_path / name).touch()
    keep_newest(tmp_path, "before-migrating")
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(ours[2:] + others)
