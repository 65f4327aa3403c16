"""Checks each request and answer with Kratos's own OpenAPI document."""

import json

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict


class Request:
    """A request in the form that openapi-core reads."""

    def __init__(self, method, host, path, query, headers, body):
        self.host_url = host
        self.path = path
        self.method = method.lower()
        self.body = body or None
        self.content_type = headers.get("Content-Type", "application/json")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=Headers(list(headers.items())), cookie=ImmutableMultiDict())


class Response:
    def __init__(self, status, headers, body):
        self.status_code = status
        self.headers = Headers(headers)
        self.content_type = "application/json"
        self.data = body or None


class Contract:
    def __init__(self, file):
        document = json.loads(file.read_text())
        # Ory's hosted service asks for a token at the admin API; Kratos itself leaves that to the network.
        for operations in document["paths"].values():
            for operation in operations.values():
                operation.pop("security", None)
        self.document = OpenAPI.from_dict(document)

    def fault_in(self, request, response=None):
        """What is wrong with a request, or with the answer to it, in words; None when nothing is."""
        try:
            if response is None:
                self.document.validate_request(request)
            else:
                self.document.validate_response(request, response)
        except Exception as error:  # noqa: BLE001 - whatever the validator raises is a fault to report
            causes = [str(error)]
            while error.__cause__ is not None:
                error = error.__cause__
                causes.append(str(error))
            causes += [str(schema_error.message) for schema_error in getattr(error, "schema_errors", [])]
            return ": ".join(causes)
        return None
