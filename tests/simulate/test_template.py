import pytest

from trailwarden.simulate.identifiers import random_for
from trailwarden.simulate.template import Template
from trailwarden.simulate.values import Values, long_form


def test_slots_are_bound_first_and_filled_later():
    template = Template('{"a":"<x>","b":"<y><x>"}').bind({"y": "Y-<z>"})
    assert template.fill({"x": "1", "z": "2"}) == '{"a":"1","b":"Y-21"}'


def test_a_slot_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        Template("<nothing>").fill(Values({}, 0, {}, random_for("test")))


def test_a_thing_is_drawn_once_for_a_record_and_digits_draw_another():
    things = {"bucket": [f"bucket-{number}" for number in range(1000)]}
    values = Values({}, 0, things, random_for("test"))
    text = Template("<bucket> <bucket> <bucket2>").fill(values)
    first, again, other = text.split()
    assert first == again != other


def test_given_values_come_before_things():
    values = Values({"bucket": "mine"}, 0, {"bucket": ["other"]}, random_for("test"))
    assert values["bucket"] == "mine"


@pytest.mark.parametrize(
    ("second", "text"),
    [
        (0, "Jan 1, 1970, 12:00:00 AM"),
        (12 * 3600, "Jan 1, 1970, 12:00:00 PM"),
        (1_741_093_874, "Mar 4, 2025, 1:11:14 PM"),
        (1_735_689_599, "Dec 31, 2024, 11:59:59 PM"),
    ],
)
def test_long_form_of_times(second, text):
    assert long_form(second) == text
