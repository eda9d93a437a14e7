import datetime as dt

from documents.dates import arabic, french


def test_french_dates() -> None:
    assert french(dt.date(2026, 1, 1)) == "1er janvier 2026"
    assert french(dt.date(2026, 8, 20)) == "20 août 2026"
    assert french(dt.date(2026, 12, 31)) == "31 décembre 2026"


def test_arabic_dates_use_moroccan_months() -> None:
    assert arabic(dt.date(2026, 11, 23)) == "23 نونبر 2026"
    assert arabic(dt.date(2026, 5, 1)) == "1 ماي 2026"
    assert arabic(dt.date(2026, 8, 9)) == "9 غشت 2026"
