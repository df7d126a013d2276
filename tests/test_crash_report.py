"""The report of an unexpected error keeps secrets to itself."""

from tui.crash_report import crash_report

SECRET = "canary-" + "x" * 40


def test_a_secret_at_the_end_of_what_is_shown_of_a_message_is_masked_too() -> None:
    for before in range(450, 510):
        report = crash_report(ValueError("." * before + SECRET), [SECRET])
        assert "canary" not in report
