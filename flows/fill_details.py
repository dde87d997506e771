"""What a letter waits for, asked in a form made from the fields that its template declares."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field, create_model, model_validator

from tasks.details import Form, outcome, prepare, record, title_of

CHOOSE = "(pilih)"
FIELD = "isian_"  # before the id of a field: some ids are words of pydantic or Prefect
Butir = Annotated[str, Field(json_schema_extra={"title": "Butir"})]


class Answers(RunInput):
    """Every field is text with a default: what cannot be taken is asked again, never a failed run."""

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, data: dict[str, Any]) -> dict[str, Any]:
        """The Prefect UI leaves out what a person has emptied: that is an answer, and not what stood there before."""
        return {name: "" for name in cls.model_fields if name.startswith(FIELD)} | data

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by the id of its field."""
        return {name.removeprefix(FIELD): text for name, text in self.model_dump().items() if name.startswith(FIELD)}

    @property
    def who(self) -> str:
        said = str(self.model_dump().get("oleh", ""))
        return "" if said == CHOOSE else said


def filling_name() -> str:
    """``Rincian - Rakor stakeholder pengawasan DPS``."""
    return f"Rincian - {title_of(str(flow_run.parameters['butir']))}"


@flow(name="Lengkapi rincian", flow_run_name=filling_name)
def fill_details(butir: Butir) -> State[None]:
    """Isi rincian yang ditunggu surat sebuah butir, dalam formulir. Aman dijalankan ulang.

    Args:
        butir: Id butir, seperti V12.rakor-stakeholder (lihat daftar periksa).
    """
    form, turn = prepare(butir), 1
    while not form.closed:
        # Resumed, the body runs again from its first line: each turn finds its answers under its key.
        said = suspend_flow_run(wait_for_input=asked(form), key=f"rincian-{turn}", timeout=None)
        if not (why := record(butir, said.texts, said.who)):
            return Completed(message=outcome(butir))
        form, turn = form.again(said.texts, why), turn + 1
    return Completed(name="Tidak diisi", message=form.closed)


def asked(form: Form) -> type[Answers]:
    """The form in the Prefect UI: a text for each field, and who fills it in."""
    fields: dict[str, Any] = {
        FIELD + each.id: (str, Field(default=each.text, title=each.title, description=each.hint))
        for each in form.fields
    }
    names: Any = Literal[(CHOOSE, *form.names)]  # pyright: ignore[reportInvalidTypeForm]
    fields["oleh"] = (names, Field(default=CHOOSE, title="Diisi oleh"))
    made = create_model("Answers", __base__=Answers, **fields)
    return made.with_initial_data(description=f"{form.why}\n\n{form.bacaan}".strip())
