"""Strict Ed25519 verification (RFC 8032 section 5.1.7; docs/PROTOCOL.md section 6), and the X25519 check of a sealed key.

Nothing here is secret, so nothing runs in constant time. Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z.
"""

import functools
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
D2 = 2 * D % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


class Refused(Exception):
    """A key or signature that does not hold."""


def add(p, q):
    """p + q, for any two points of the curve."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = p[3] * D2 * q[3] % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(p):
    """2p."""
    a, b = p[0] * p[0] % P, p[1] * p[1] % P
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = 2 * p[2] * p[2] + g
    e, f = e % P, f % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(p):
    """-p."""
    return -p[0] % P, p[1], p[2], -p[3] % P


def is_identity(p):
    """Whether p is the neutral point."""
    return p[0] % P == 0 and (p[1] - p[2]) % P == 0


def has_small_order(p):
    """Whether 8p is the neutral point."""
    return is_identity(double(double(double(p))))


def multiple(n, p):
    """n times p."""
    return sum_of_multiples(n, p, 0, IDENTITY)


def sum_of_multiples(m, p, n, q):
    """m times p plus n times q, bit by bit over both at once."""
    both, result = add(p, q), IDENTITY
    for bit in range(max(m.bit_length(), n.bit_length()) - 1, -1, -1):
        result = double(result)
        first, second = m >> bit & 1, n >> bit & 1
        if first and second:
            result = add(result, both)
        elif first:
            result = add(result, p)
        elif second:
            result = add(result, q)
    return result


def encode(p):
    """The 32 bytes of a point."""
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(raw):
    """The point of 32 bytes in their one canonical form."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if len(raw) != 32 or y >= P:
        raise Refused("not canonical")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P:
        raise Refused("no point of the curve")
    if x == 0 and sign:
        raise Refused("not canonical")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=256)
def public_key(raw):
    """The point of a public key that is canonical, not of small order and torsion-free; else Refused."""
    point = decode(raw)
    if has_small_order(point):
        raise Refused("of small order")
    if not is_identity(multiple(L, point)):
        raise Refused("not torsion-free")
    return point


def verify(key, message, signature):
    """Returns when the signature holds, cofactorless and strictly; else raises Refused."""
    point = public_key(key)
    if len(signature) != 64:
        raise Refused("not 64 bytes")
    commitment, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L:
        raise Refused("S is not canonical")
    if has_small_order(decode(commitment)):
        raise Refused("R is of small order")
    digest = hashlib.sha512(commitment + key + message).digest()
    k = int.from_bytes(digest, "little") % L
    if encode(sum_of_multiples(s, BASE, k, negative(point))) != commitment:
        raise Refused("does not verify")


def is_low_order_x25519(u):
    """Whether X25519 of these 32 bytes is zero for every clamped scalar: 8 times the point is the neutral one."""
    x, z = int.from_bytes(u, "little") & ((1 << 255) - 1), 1
    for _ in range(3):
        xx, zz, xz = x * x, z * z, x * z
        x, z = (xx - zz) ** 2 % P, 4 * xz * (xx + 486662 * xz + zz) % P
    return z == 0
