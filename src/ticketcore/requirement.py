"""Whether an agent's skills are what a ticket needs."""

from ticketcore.model import SkillLevel


def meets(skills: tuple[SkillLevel, ...], needs: tuple[SkillLevel, ...]) -> bool:
    """Whether the skills hold every need at its level or above.  O(skills x needs), both short.

    >>> meets((SkillLevel("gold", 3),), (SkillLevel("gold", 2),))
    True
    >>> meets((SkillLevel("gold", 3),), (SkillLevel("gold", 4),)), meets((), ())
    (False, True)
    """
    for need in needs:
        for have in skills:
            if have.skill == need.skill and have.level >= need.level:
                break
        else:
            return False
    return True
