"""Calls operations with zeep, as any caller would: a job as a line of JSON on stdin, what became of it as a line of JSON on stdout."""
import json
import sys
import traceback
from datetime import date, datetime
from decimal import Decimal

import requests
from zeep import Client, Settings
from zeep.exceptions import Fault
from zeep.helpers import serialize_object
from zeep.transports import Transport
from zeep.wsa import WsAddressingPlugin
from zeep.wsse.username import UsernameToken
from lxml import etree


def plain(value):
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value))


def answer(job):
    session = requests.Session()
    session.trust_env = False
    session.headers.update(job.get("headers", {}))
    if "basic" in job:
        session.auth = tuple(job["basic"])
    token = job.get("token")
    wsse = UsernameToken(token["username"], token["password"], use_digest=token["digest"]) if token else None
    client = Client(
        job["wsdl"],
        port_name=job["port"],
        transport=Transport(session=session, timeout=60, operation_timeout=60),
        wsse=wsse,
        plugins=[WsAddressingPlugin()] if job.get("addressing") else [],
        settings=Settings(raw_response=bool(job.get("raw"))),
    )
    service = client.bind(None, job["port"])
    try:
        results = [service[job["operation"]](**job["input"]) for _ in range(job.get("times", 1))]
        if job.get("raw"):
            results = [{"status": each.status_code, "text": each.text} for each in results]
        return {"results": serialize_object(results, dict)}
    except Fault as fault:
        detail = fault.detail
        found = {}
        if detail is not None:
            problem = next((child for child in detail if etree.QName(child).localname == "problem"), None)
            found = {etree.QName(child).localname: child.text for child in problem} if problem is not None else {}
        subcodes = [str(each) for each in (fault.subcodes or [])]
        return {"fault": {"code": fault.code, "message": fault.message, "subcodes": subcodes, "detail": found}}


for line in sys.stdin:
    try:
        said = json.dumps(answer(json.loads(line)), default=plain)
    except Exception:
        said = json.dumps({"error": traceback.format_exc()})
    print(said, flush=True)
