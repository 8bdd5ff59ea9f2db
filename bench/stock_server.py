"""The stock service: `def` endpoints over `Application.save`, as FastAPI's tutorial has them; it is only measured."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn
from eventsourcing.application import AggregateNotFoundError
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel

from bench import stock


class Opening(BaseModel):
    """The body of an application."""

    agency: str
    channel: str
    applicant_kind: str
    applicant_name: str
    contact: str
    wanted: str
    submitted_on: date


class Step(BaseModel):
    """What may stand in the body of any of the nine commands."""

    received_on: date | None = None
    accepted_on: date | None = None
    to_unit: str | None = None
    handler: str | None = None
    reviewed_on: date | None = None
    secrecy_opinion: str | None = None
    workdays: int | None = None
    approved_on: date | None = None
    notified_on: date | None = None
    reason: str | None = None
    outcome: str | None = None
    reasons: str | None = None
    legal_basis: str | None = None
    provided: str | None = None
    drafted_on: date | None = None
    method: str | None = None
    served_on: date | None = None
    proof: str | None = None
    delivered_on: date | None = None
    signed_by: str | None = None


class Done(BaseModel):
    """The answer to a command."""

    case_id: UUID
    version: int


class View(BaseModel):
    """A case as it stands."""

    case_id: UUID
    version: int
    status: str
    agency: str
    channel: str
    applicant_kind: str
    applicant_name: str
    contact: str
    wanted: str
    unit: str
    handler: str
    submitted_on: date
    extended: int
    dates: dict[str, date]


def create_app(office: stock.StockOffice) -> FastAPI:
    """Three routes: open, do a step, read."""
    app = FastAPI()

    @app.post("/cases", status_code=201)
    def open_case(
        opening: Opening, x_actor: str = Header(), x_role: str = Header(), x_unit: str = Header("")
    ) -> Done:
        who = {"actor": x_actor, "role": x_role, "unit": x_unit, "today": date.today()}  # noqa: DTZ011 - as the tutorial
        return Done(case_id=office.open(opening.model_dump() | who), version=1)

    @app.post("/cases/{case_id}/{step}")
    def do_step(
        case_id: UUID,
        step: str,
        body: Step,
        x_actor: str = Header(),
        x_role: str = Header(),
        x_unit: str = Header(""),
    ) -> Done:
        if step not in stock.SOURCES:
            raise HTTPException(404)
        content: dict[str, Any] = body.model_dump(exclude_none=True)
        content |= {"actor": x_actor, "role": x_role, "unit": x_unit}
        if step != "assign":
            content["today"] = date.today()  # noqa: DTZ011 - as the tutorial
        try:
            return Done(case_id=case_id, version=office.act(case_id, step, content))
        except stock.NotLawful as error:
            raise HTTPException(409, str(error)) from error

    @app.get("/cases/{case_id}")
    def read(case_id: UUID) -> View:
        try:
            case: stock.StockCase = office.repository.get(case_id)
        except AggregateNotFoundError as error:
            raise HTTPException(404) from error
        state = {name: value for name, value in vars(case).items() if name in View.model_fields}
        return View(case_id=case_id, version=case.version, **state)

    return app


def main() -> None:
    """Serve: FILE PORT."""
    file, port = Path(sys.argv[1]), int(sys.argv[2])
    office = stock.open_office(file)
    uvicorn.run(
        create_app(office),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
    office.close()


if __name__ == "__main__":
    main()
