"""The list over the prompt: when it opens, what is chosen, and what taking it means."""

from tui.domain.offers import Offer, Offers
from tui.ui.controllers.completing import Completing

WORDS = ("alpha", "alps", "beta")


class Words:
    """Offers words that begin with the last one of the prompt."""

    def offers(self, text: str, cursor: int) -> Offers | None:
        start = text.rfind(" ") + 1
        found = [Offer(word, word) for word in WORDS if word.startswith(text[start:cursor])]
        return Offers(start, cursor, found)


def typed(text: str) -> Completing:
    completing = Completing([Words()])
    completing.look(text, len(text))
    return completing


def shown(completing: Completing) -> list[str]:
    return [one.text for one in completing.shown.offers] if completing.shown else []


def test_the_first_offer_is_chosen_once_something_of_it_is_typed() -> None:
    completing = typed("say al")

    taken = completing.taken()

    assert shown(completing) == ["alpha", "alps"]
    assert taken is not None
    assert (taken.start, taken.end, taken.offer.text, taken.changes) == (4, 6, "alpha", True)


def test_nothing_is_chosen_before_anything_is_typed() -> None:
    completing = typed("say ")
    assert len(shown(completing)) == 3
    assert completing.taken() is None

    completing.move(-1)
    taken = completing.taken()
    assert taken is not None
    assert taken.offer.text == "beta"


def test_a_word_that_is_there_in_full_is_no_change() -> None:
    taken = typed("say beta").taken()
    assert taken is not None
    assert not taken.changes


def test_behind_the_last_offer_comes_the_first() -> None:
    completing = typed("al")
    completing.move(1)
    assert completing.chosen == 1
    completing.move(1)
    assert completing.chosen == 0


def test_a_closed_list_stays_closed_for_its_word_only() -> None:
    completing = typed("al")
    completing.close()

    assert completing.look("alp", 3) is False
    assert not shown(completing)
    completing.look("alp al", 6)
    assert shown(completing) == ["alpha", "alps"]


def test_a_text_that_was_put_in_opens_nothing_until_another_is_typed() -> None:
    completing = Completing([Words()])
    completing.hush("al")

    completing.look("al", 2)
    completing.look("al", 1)
    assert not shown(completing)
    completing.look("alp", 3)
    assert shown(completing) == ["alpha", "alps"]


def test_sources_that_have_learnt_something_are_asked_again() -> None:
    completing = Completing()
    assert not completing.look_again()
    completing.look("be", 2)
    completing.sources.append(Words())

    assert completing.look_again()
    assert shown(completing) == ["beta"]


def test_a_closed_list_opens_again_where_there_is_a_word_for_it() -> None:
    completing = typed("al")
    completing.close()
    assert completing.open_again()
    assert shown(completing) == ["alpha", "alps"]

    completing.hush("be")
    completing.look("be", 2)
    assert completing.open_again()
    assert shown(completing) == ["beta"]

    assert typed("nothing").open_again(), "its kind of word, though nothing is offered"
    assert not Completing().open_again()
