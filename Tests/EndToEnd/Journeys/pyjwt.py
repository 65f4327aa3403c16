"""PyJWT against our tokens. pyjwt.py verify|forge JWKS_URL TOKEN

verify prints the claims of a token that it accepts; forge prints tokens that nobody may accept, one a line: name, token.
"""
import json
import sys
import time
import urllib.request

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

what, url, token = sys.argv[1:]

if what == "verify":
    key = jwt.PyJWKClient(url).get_signing_key_from_jwt(token)
    claims = jwt.decode(
        token,
        key,
        algorithms=["ES256"],
        issuer="lyceum",
        audience="lyceum-api",
        options={"require": ["iss", "aud", "sub", "sid", "role", "amr", "aal", "iat", "exp", "jti"]},
    )
    print(json.dumps(claims))
    sys.exit()

with urllib.request.urlopen(url) as answer:
    jwk = json.load(answer)["keys"][0]
kid = jwk["kid"]
public = jwt.PyJWK(jwk).key
pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
stranger = ec.generate_private_key(ec.SECP256R1())
claims = jwt.decode(token, options={"verify_signature": False})
claims |= {"role": "admin", "exp": int(time.time()) + 600}


def hs256(secret, headers):
    """PyJWT itself refuses to take a public key for a secret, so its parts are put together by hand."""
    import hashlib
    import hmac

    encode = jwt.utils.base64url_encode
    head = encode(json.dumps({"alg": "HS256", "typ": "JWT"} | headers).encode())
    text = head + b"." + encode(json.dumps(claims).encode())
    return (text + b"." + encode(hmac.new(secret, text, hashlib.sha256).digest())).decode()


def es256(headers):
    return jwt.encode(claims, stranger, algorithm="ES256", headers=headers)


forged = {
    "none": jwt.encode(claims, None, algorithm="none", headers={"kid": kid}),
    "hs256-public-key": hs256(pem, {"kid": kid}),
    "hs256-empty": hs256(b"", {"kid": kid}),
    "other-key": es256({"kid": kid}),
    "other-kid": es256({"kid": "another"}),
    "no-kid": es256({}),
    "crit": es256({"kid": kid, "crit": ["lyceum"], "lyceum": 1}),
    "jku": es256({"kid": kid, "jku": "http://127.0.0.1:9/jwks.json"}),
    "x5u": es256({"kid": kid, "x5u": "http://127.0.0.1:9/key.pem"}),
    "jwk": es256({"kid": kid, "jwk": json.loads(jwt.algorithms.ECAlgorithm.to_jwk(stranger.public_key()))}),
    "old-signature": token.rsplit(".", 2)[0]
    + "."
    + es256({"kid": kid}).split(".")[1]
    + "."
    + token.rsplit(".", 1)[1],
}
for name, text in forged.items():
    print(name, text)
