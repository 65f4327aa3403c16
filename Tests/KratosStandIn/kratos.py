"""What Ory Kratos does, as far as auth uses it, with identities in memory and bcrypt for real.

The behaviours that the OpenAPI document leaves open follow Kratos v26.2.0's sources: which status a refusal has, the
numbers of the messages (text/id.go), flows that run out, sessions that need to be fresh, API flows without CSRF.
"""

import secrets
import threading
import uuid
from datetime import datetime, timedelta, timezone

import bcrypt

SCHEMA = "lyceum"
WRONG_CREDENTIALS, DUPLICATE, DISABLED = 4000006, 4000007, 4010011
TOO_SHORT, USED_CODE = 4000032, 4060006


class Refusal(Exception):
    def __init__(self, status, body):
        super().__init__(status)
        self.status = status
        self.body = body


class OrderedFault(Refusal):
    """What a test wants to happen; it need not be in the contract."""


def error(status, identifier, reason, **members):
    words = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 410: "Gone"}
    detail = {"code": status, "status": words[status], "message": reason, "reason": reason}
    if identifier:
        detail["id"] = identifier
    return Refusal(status, {"error": detail, **members})


def now():
    return datetime.now(timezone.utc)


def text(time):
    return time.isoformat().replace("+00:00", "Z")


class Kratos:
    def __init__(self, public_url, cost):
        self.public_url = public_url
        self.cost = cost
        self.lock = threading.RLock()
        self.identities, self.flows, self.sessions = {}, {}, {}
        self.faults = {}

    # --- Identities -----------------------------------------------------------------------------------------------

    def find(self, email):
        return next((i for i in self.identities.values() if i["traits"]["email"].lower() == email.lower()), None)

    def make(self, traits, password_hash=None, **fields):
        if not isinstance(traits.get("email"), str) or set(traits) - {"email", "name", "locale"}:
            raise error(400, None, "the traits don't fit the schema")
        external = fields.get("external_id")
        if self.find(traits["email"]) or external and self.by_external(external):
            raise error(409, None, "This identity conflicts with another identity that already exists.")
        time = text(now())
        identity = {
            "id": str(uuid.uuid4()), "schema_id": SCHEMA, "schema_url": f"{self.public_url}/schemas/{SCHEMA}",
            "state": "active", "traits": traits, "metadata_public": None, "metadata_admin": None,
            "created_at": time, "updated_at": time,
            "verifiable_addresses": [{
                "id": str(uuid.uuid4()), "value": traits["email"].lower(), "verified": False, "via": "email",
                "status": "pending"}],
            "hash": password_hash, **fields}
        self.identities[identity["id"]] = identity
        return identity

    def by_external(self, external):
        return next((i for i in self.identities.values() if i.get("external_id") == external), None)

    def identity(self, id):
        if id not in self.identities:
            raise error(404, None, "Unable to locate the resource")
        return self.identities[id]

    @staticmethod
    def shown(identity, with_password=False):
        shown = {name: value for name, value in identity.items() if name != "hash" and value is not None}
        if with_password and identity["hash"]:
            shown["credentials"] = {"password": {
                "type": "password", "identifiers": [identity["traits"]["email"].lower()], "version": 0,
                "config": {"hashed_password": identity["hash"]}}}
        return shown

    def hash(self, password):
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(self.cost)).decode()

    def is_password(self, identity, password):
        return (identity["hash"] or "").startswith("$2") and bcrypt.checkpw(password.encode(), identity["hash"].encode())

    # --- Flows ----------------------------------------------------------------------------------------------------

    def begin(self, kind, session=None):
        flow = {
            "id": str(uuid.uuid4()), "type": "api", "issued_at": text(now()), "expires_at": text(now() + timedelta(hours=1)),
            "request_url": f"{self.public_url}/self-service/{kind}/api", "state": "choose_method",
            "ui": {"action": f"{self.public_url}/self-service/{kind}", "method": "POST", "nodes": []}}
        if kind == "settings":
            flow["state"] = "show_form"
            flow["identity"] = self.shown(self.identity(session["identity"]))
        self.flows[flow["id"]] = {"kind": kind, "flow": flow, "identity": session and session["identity"]}
        return flow

    def kept(self, kind, id):
        kept = self.flows.get(id)
        if not kept or kept["kind"] != kind:
            raise error(404, None, "The flow could not be found")
        return kept

    def expire(self, kept):
        """A flow that has run out is answered with the one that takes its place."""
        session = kept["identity"] and {"identity": kept["identity"]}
        replacement = self.begin(kept["kind"], session)
        raise error(
            410, "self_service_flow_expired", "The self-service flow expired", since=60000000000,
            expired_at=text(now() - timedelta(minutes=1)), use_flow_id=replacement["id"])

    @staticmethod
    def refused(flow, status, number, words, node=None):
        message = {"id": number, "text": words, "type": "error"}
        flow = {**flow, "ui": {**flow["ui"], "messages": [], "nodes": []}}
        if node:
            flow["ui"]["nodes"] = [{
                "type": "input", "group": "password", "meta": {}, "messages": [message],
                "attributes": {"name": node, "type": "password", "disabled": False, "node_type": "input"}}]
        else:
            flow["ui"]["messages"] = [message]
        return Refusal(status, flow)

    def check_policy(self, flow, password):
        if len(password) < 8:
            raise self.refused(flow, 400, TOO_SHORT, "The password must be at least 8 characters long.", "password")

    def open_session(self, identity):
        token = "ory_st_" + secrets.token_urlsafe(24)
        self.sessions[token] = {"id": str(uuid.uuid4()), "identity": identity["id"], "at": now()}
        return token

    def session(self, token):
        if token not in self.sessions:
            raise error(401, "session_inactive", "No valid session was found")
        return self.sessions[token]

    def register(self, kept, body):
        flow, traits = kept["flow"], body["traits"]
        self.check_policy(flow, body["password"])
        if self.find(traits["email"]):
            raise self.refused(
                flow, 400, DUPLICATE, "An account with the same identifier (email, phone, username, ...) exists already.")
        identity = self.make(traits, self.hash(body["password"]))
        return {"identity": self.shown(identity)}

    def log_in(self, kept, body):
        identity = self.find(body["identifier"])
        if not identity or not self.is_password(identity, body["password"]):
            raise self.refused(
                kept["flow"], 400, WRONG_CREDENTIALS, "The provided credentials are invalid, check for spelling mistakes.")
        if identity["state"] == "inactive":
            raise self.refused(kept["flow"], 400, DISABLED, "This account was disabled.")
        token = self.open_session(identity)
        return {"session_token": token, "session": {
            "id": self.sessions[token]["id"], "active": True, "authenticator_assurance_level": "aal1",
            "authentication_methods": [{"method": "password", "aal": "aal1", "completed_at": text(now())}],
            "identity": self.shown(identity)}}

    def change_settings(self, kept, body, session):
        if now() - session["at"] > timedelta(minutes=15):
            raise error(
                403, "session_refresh_required", "The login session is too old",
                redirect_browser_to=f"{self.public_url}/self-service/login/browser?refresh=true")
        if session["identity"] != kept["identity"]:
            raise error(403, "security_identity_mismatch", "The flow belongs to somebody else")
        identity = self.identity(kept["identity"])
        self.check_policy(kept["flow"], body["password"])
        identity["hash"] = self.hash(body["password"])
        kept["flow"].update(state="success", identity=self.shown(identity))
        return kept["flow"]

    # --- Recovery -------------------------------------------------------------------------------------------------

    def recovery_code(self, body):
        identity = self.identity(body["identity_id"])
        flow = self.begin("recovery")
        flow["type"] = body.get("flow_type", "browser")
        flow["state"] = "sent_email"
        code = f"{secrets.randbelow(10**6):06}"
        self.flows[flow["id"]].update(code=code, identity=identity["id"])
        return {
            "recovery_link": f"{self.public_url}/recovery?flow={flow['id']}", "recovery_code": code,
            "expires_at": flow["expires_at"]}

    def recover(self, kept, body):
        flow = kept["flow"]
        if flow["state"] != "sent_email" or body.get("code") != kept["code"]:
            raise self.refused(
                flow, 200, USED_CODE, "The recovery code is invalid or has already been used. Please try again.")
        identity = self.identity(kept["identity"])
        if identity["state"] == "inactive":
            raise self.refused(flow, 400, DISABLED, "This account was disabled.")
        flow["state"] = "passed_challenge"
        token = self.open_session(identity)
        settings = self.begin("settings", self.sessions[token])
        if flow["type"] != "api":
            raise Refusal(422, {
                "error": {"id": "browser_location_change_required", "code": 422, "message": "browser location change required"},
                "redirect_browser_to": f"{self.public_url}/settings?flow={settings['id']}"})
        flow["continue_with"] = [
            {"action": "set_ory_session_token", "ory_session_token": token},
            {"action": "show_settings_ui", "flow": {"id": settings["id"]}}]
        return flow

    @staticmethod
    def verify(identity):
        for address in identity["verifiable_addresses"]:
            address.update(verified=True, status="completed", verified_at=text(now()))

    # --- Administration -------------------------------------------------------------------------------------------

    def create(self, body):
        config = body.get("credentials", {}).get("password", {}).get("config", {})
        password_hash = config.get("hashed_password")
        if password_hash and not password_hash.startswith(("$2a$", "$2b$", "$2y$", "$argon2id$")):
            raise error(400, None, "The hash is of no known form")
        if "password" in config:
            password_hash = self.hash(config["password"])
        if body["schema_id"] != SCHEMA:
            raise error(400, None, "There is no such schema")
        fields = {name: body[name] for name in ("state", "metadata_public", "metadata_admin", "external_id") if name in body}
        identity = self.make(body["traits"], password_hash, **fields)
        for address in body.get("verifiable_addresses", []):
            if address["verified"]:
                self.verify(identity)
        return self.shown(identity)

    def patch(self, id, operations):
        identity = self.identity(id)
        for operation in operations:
            *parents, name = operation["path"].lstrip("/").split("/")
            place = identity
            for parent in parents:
                place = place[int(parent)] if isinstance(place, list) else place.get(parent)
                if not isinstance(place, (dict, list)):
                    raise error(400, None, "The patch can't be applied")
            if isinstance(place, list):
                name = int(name)
            is_there = name < len(place) if isinstance(place, list) else name in place
            if operation["op"] != "add" and not is_there:
                raise error(400, None, "The patch can't be applied")
            if operation["op"] != "test":
                place[name] = operation["value"]
            elif place[name] != operation["value"]:
                raise error(400, None, "The patch can't be applied")
        for address in identity["verifiable_addresses"]:
            if address["verified"]:
                address.setdefault("verified_at", text(now()))
        return self.shown(identity)

    def delete(self, id):
        del self.identities[self.identity(id)["id"]]
        self.end_sessions(id)

    def end_sessions(self, id):
        self.sessions = {token: session for token, session in self.sessions.items() if session["identity"] != id}

    def page(self, size, token, with_password, email=None):
        ids = sorted(id for id, identity in self.identities.items() if email in (None, identity["traits"]["email"]))
        start = ids.index(token) if token in ids else 0
        following = ids[start + size:start + size + 1]
        return [self.shown(self.identities[id], with_password) for id in ids[start:start + size]], following
