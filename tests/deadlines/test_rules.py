"""Declaring rules: what is wrong is said when the program starts."""

import pytest

from crm.deadlines.checks import rules_make_sense
from crm.deadlines.rules import RULES, Rule, rules_on
from customers.models import Note


def test_a_rule_is_found_by_its_key_and_by_its_model_named_either_way(own_rules):
    first = Rule("test.a", "x", on=Note, label="a", limit="1 wd", met_by="x.y")
    second = Rule("test.b", "x", on="customers.Note", label="b", limit="1 wd", met_by=("x.y", "x.z"))
    assert rules_on(Note) == [first, second]
    assert (RULES["test.b"].model, RULES["test.b"].met_by) == (Note, ("x.y", "x.z"))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({}, "neither how long nor until when"),
        ({"every": "fortnight"}, "no period"),
        ({"every": "month", "limit": "3 wd"}, "counts_from"),
        ({"limit": "3 wd", "counts_from": "end"}, "counts_from"),
    ],
)
def test_a_rule_that_makes_no_sense_is_not_made(own_rules, words, complaint):
    with pytest.raises(TypeError, match=complaint):
        Rule("test.a", "x", on=Note, label="a", met_by="x.y", **words)


def test_two_rules_of_one_key_are_refused(own_rules):
    Rule("test.a", "x", on=Note, label="a", limit="1 wd", met_by="x.y")
    with pytest.raises(TypeError, match=r"two rules are named test\.a"):
        Rule("test.a", "x", on=Note, label="a", limit="1 wd", met_by="x.y")


def test_the_system_check_finds_verbs_states_and_amounts_that_do_not_exist(own_rules):
    Rule("test.a", "x", on=Note, label="a", limit="1 wd", met_by="customers.no_such_verb", during={"asleep"})
    Rule("test.b", "x", on=Note, label="b", limit="4 weeks", met_by="customers.enter_customer")
    Rule("test.c", "x", on=Note, label="c", limit="4 wh")
    Rule("test.d", "x", label="d", every="year", met_by="customers.enter_customer")
    found = sorted((message.id, message.msg.split()[1].rstrip(":")) for message in rules_make_sense())
    assert found == [
        ("deadlines.E001", "test.a"),
        ("deadlines.E002", "test.c"),
        ("deadlines.E003", "test.b"),
        ("deadlines.E004", "test.a"),
        ("deadlines.E005", "test.d"),
    ]


def test_the_rules_of_the_product_make_sense():
    assert rules_make_sense() == []
