"""How far a job has come: a page that can be left and found again."""

from uuid import UUID

from flask import Blueprint, Response, g, make_response, render_template, request, url_for

from service.rights import needs, works_when_closed
from service.sentences import translated
from service.words import JOB_STATE_WORDS
from tenants.outbox.lookups import Job, job

jobs = Blueprint("jobs", __name__)


@jobs.get("/jobs/<uuid:job_id>")
@needs("see_jobs")
@works_when_closed
def show(job_id: UUID) -> str | Response:
    found = job(g.scope, job_id)
    if request.headers.get("HX-Request"):
        return progress_answer(found)
    return render_template("jobs/show.html", job=found, progress=progress_of(found))


def progress_of(found: Job) -> dict[str, object]:
    """What `parts.progress` shows of a job."""
    return {
        "state": found.state,
        "done": found.done,
        "total": found.total or None,
        "words": translated(found.failure or found.words) or JOB_STATE_WORDS[found.state],
    }


def progress_answer(found: Job) -> str | Response:
    """The progress again; once the job is over the page that asked is to be loaded anew."""
    href = url_for("jobs.show", tenant=g.scope.slug, job_id=found.id)
    page = render_template("jobs/progress.html", progress=progress_of(found), href=href)
    if not found.over:
        return page
    answer = make_response(page)
    answer.headers["HX-Refresh"] = "true"
    return answer
