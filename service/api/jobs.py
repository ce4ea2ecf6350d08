"""How far a piece of work has come."""

from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun
from service.rights import needs
from tenants.outbox import lookups

jobs = Noun("jobs", __name__, title="任务", description="后台任务的进度。")


class Job(Schema):
    """A piece of work; `failure` says why it failed."""

    id = fields.UUID(metadata={"description": "编号。"})
    kind = fields.String(metadata={"description": "哪一种任务。"})
    state = fields.String(metadata={"description": "queued、running、done 或 failed。"})
    done = fields.Integer(metadata={"description": "已完成多少。"})
    total = fields.Integer(metadata={"description": "共有多少。"})
    words = fields.String(metadata={"description": "正在做什么。"})
    failure = fields.String(metadata={"description": "没有完成的原因。"})
    attempts = fields.Integer(metadata={"description": "试过几次。"})
    asked_at = fields.AwareDateTime(metadata={"description": "什么时候要求的。"})
    started_at = fields.AwareDateTime(metadata={"description": "什么时候开始的。"})
    ended_at = fields.AwareDateTime(metadata={"description": "什么时候结束的。"})


@jobs.route("/jobs/<uuid:job_id>")
@needs("see_jobs")
@jobs.response(200, Job)
@jobs.alt_response(404, "NOT_FOUND")
def show(job_id: UUID) -> lookups.Job:
    """一个任务"""
    return lookups.job(g.scope, job_id)
