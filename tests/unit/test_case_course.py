"""How a case went, from its acts: every state it was in, and what is counted of it."""

from feedback.case_course import Course, Step, course


def told(*acts: tuple[int, str] | tuple[int, str, int]) -> Course:
    return course(Step(at=act[0], action=act[1], stars=act[2] if len(act) > 2 else 0) for act in acts)


def test_an_answer_and_a_word_that_it_is_settled() -> None:
    found = told((1, "take"), (5, "reply"), (6, "reply"), (8, "confirm"), (9, "rate", 4))

    assert found == Course(answers=(5,), done=((8, None, True),), rated=((9, 4),))


def test_what_is_taken_up_again_is_answered_again_and_settled_anew() -> None:
    found = told((5, "reply"), (7, "close"), (9, "reopen"), (12, "reply"), (20, "close"))

    assert (found.answers, found.reopened) == ((5, 12), (9,))
    assert found.done == ((7, 9, False), (20, None, False))


def test_another_authority_has_it_until_it_comes_back_or_is_answered() -> None:
    assert told((2, "forward"), (3, "forward"), (4, "remind")).away == ((2, None),)
    back = told((2, "forward"), (6, "take"), (8, "forward"), (9, "reply"))
    assert (back.away, back.answers) == (((2, 6), (8, 9)), (9,))


def test_the_state_that_an_act_names_goes_before_the_table() -> None:
    steps = [Step(at=1, action="say", after="in_progress"), Step(at=2, action="reply", after="answered")]
    assert course(steps).answers == (2,)


def test_an_act_that_no_state_allows_changes_nothing() -> None:
    assert told((1, "confirm"), (2, "unheard of")) == Course()
