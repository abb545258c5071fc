"""Asking a person in the terminal, or taking the answers that were given before."""

import getpass
import sys
from collections.abc import Callable, Mapping, Sequence

from bot.checks.finding import Finding
from bot.cli.terminal.findings import finding_line
from bot.config.settings import SettingsError
from bot.unreached import NotNow

Look = Callable[[str], Sequence[Finding]]
Parse = Callable[[str], Sequence[str]]


class Interview:
    """Answers by name: the given ones, and the rest from the terminal if there is a person."""

    def __init__(self, given: Mapping[str, str], *, person: bool) -> None:
        self._given = given
        self.person = person

    def secret(self, name: str, question: str, look: Look) -> str:
        """A secret that `look` finds nothing wrong with; what is typed is not shown.

        Raises:
            SettingsError: nobody can be asked, and it is missing or wrong.
            NotNow: nobody can be asked, and nothing is known of it now.
        """
        value = self._given.get(name, "")
        while True:
            if not value:
                self._require_person(name)
                value = getpass.getpass(f"{question}: ").strip()
                continue
            found = look(value)
            print("\n".join(f"   {finding_line(each)}" for each in found), flush=True)
            grades = {each.grade for each in found}
            if "wrong" in grades:
                self._require_person(
                    name, *(each.sentence for each in found if each.grade == "wrong")
                )
                value = ""
            elif "unreachable" in grades:
                if not self.person:
                    raise NotNow(found[-1].sentence)
                input("   Enter tries again, Ctrl-C stops: ")
            else:
                return value

    def line(self, name: str, question: str, usual: str) -> str:
        """A line of text; Enter, or nobody to ask, means the usual one."""
        if name in self._given or not self.person:
            return self._given.get(name, usual)
        return input(f"{question} [{usual}]: ").strip() or usual

    def choice(
        self, name: str, question: str, parse: Parse, usual: str | None = None
    ) -> Sequence[str]:
        """What `parse` makes of an answer; it raises ValueError with a sentence for a wrong one.

        Where nobody can be asked and nothing was given, `usual` is the answer.

        Raises:
            SettingsError: nobody can be asked, and the answer is missing or wrong.
        """
        value = self._given.get(name) if self.person else self._given.get(name, usual)
        while True:
            if value is None:
                self._require_person(name)
                value = input(f"{question}: ").strip()
            try:
                return parse(value)
            except ValueError as problem:
                self._require_person(name, str(problem))
                print(f"   {problem}", flush=True)
                value = None

    def agreed(self, question: str) -> bool:
        """Whether a person says yes; nobody says no."""
        return self.person and input(f"{question} [y/N]: ").strip().casefold() in ("y", "yes")

    def _require_person(self, name: str, *problems: str) -> None:
        if not self.person:
            told = "; ".join(problems) or "is not given, and there is nobody to ask"
            raise SettingsError(f"{name}: {told}")


def person_there() -> bool:
    """Whether somebody sits at the terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()
