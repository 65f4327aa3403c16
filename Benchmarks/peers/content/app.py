"""What content does for readers, in FastAPI, SQLAlchemy and asyncpg: over the same table, with the same answers.

Tuned as far as these go without leaving them out: uvloop and httptools (uvicorn's standard extra), orjson, Core
statements that are compiled once, a pool as large as content's, no access log, no response model.
"""
import os
from email.utils import format_datetime

import orjson
from fastapi import FastAPI, Request, Response
from sqlalchemy import and_, bindparam, case, column, func, or_, select, table
from sqlalchemy.ext.asyncio import create_async_engine

URL = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+asyncpg://")
engine = create_async_engine(
    URL, pool_size=8, max_overflow=0,
    connect_args={"server_settings": {"search_path": "content, public"}, "prepared_statement_cache_size": 100})
NAMES = ["id", "knowledge_id", "chapter_id", "language", "content_type", "title", "body", "format", "metadata",
         "status", "publish_at", "version", "created_by", "created_at", "updated_at"]
content = table("edtech_content", *map(column, NAMES)).c
# A draft whose time has come is published.
DUE = and_(content.status == "draft", content.publish_at <= func.now())
COLUMNS = [content[name] for name in NAMES if name not in ("status", "publish_at")] + [
    case((DUE, "published"), else_=content.status).label("status"),
    case((content.status == "draft", content.publish_at)).label("publish_at")]
PUBLISHED = or_(content.status == "published", DUE)
BY_ID = select(*COLUMNS).where(content.id == bindparam("id"), PUBLISHED)
LIST = select(*COLUMNS).where(content.id > bindparam("after"), PUBLISHED).order_by(content.id).limit(21)
app = FastAPI()


def item(row):
    fields = dict(row)
    if isinstance(fields["metadata"], str):
        fields["metadata"] = orjson.loads(fields["metadata"])
    return fields


def json(body, headers=None):
    text = orjson.dumps(body, default=str, option=orjson.OPT_UTC_Z)
    return Response(text, media_type="application/json", headers=headers)


@app.get("/content/{id}")
async def read(id: int, request: Request):
    async with engine.connect() as connection:
        row = (await connection.execute(BY_ID, {"id": id})).mappings().first()
    if row is None:
        return Response(status_code=404)
    etag = f'"{row["id"]}.{row["version"]}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=0, must-revalidate",
               "Content-Language": row["language"], "Last-Modified": format_datetime(row["updated_at"], usegmt=True)}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return json(item(row), headers)


@app.get("/content")
async def list_content(after: int = 0):
    async with engine.connect() as connection:
        rows = (await connection.execute(LIST, {"after": after})).mappings().all()
    return json({"items": [item(row) for row in rows[:20]], "next_cursor": rows[19]["id"] if len(rows) > 20 else None})
