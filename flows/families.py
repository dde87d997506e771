"""Which flow tells the story of a stage: one per family (keluarga)."""

from __future__ import annotations

from typing import Any

from prefect import Flow

from flows.campaign import campaign
from flows.candidate_registration import candidate_registration
from flows.rakor import meeting_day
from flows.voter_updating import voter_updating
from flows.voting import voting
from tahapan.elections import Keluarga

FAMILIES: dict[Keluarga, Flow[Any, Any]] = {
    "pemutakhiran": voter_updating,
    "pencalonan": candidate_registration,
    "kampanye": campaign,
    "pemungutan": voting,
    "rapat": meeting_day,
}
