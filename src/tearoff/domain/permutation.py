"""A keyed permutation of the numbers below a capacity: unique by construction, without order to the eye, restartable.

An unbalanced Feistel network of ten rounds (Luby and Rackoff 1988; more rounds against short widths) with AES as its
round function, over the next power of two; numbers that fall outside walk on (Black and Rogaway 2002).
"""

from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
ROUNDS = 10
KEY_BYTES = 32
CHUNK = 16_384
"""Numbers at a time, so that the blocks of a round stay in the processor's cache."""
TAIL_TURN = 1000
WIDTH_MAX = 62


class Permutation:
    """Maps 0 … capacity-1 onto itself; the same key and capacity give the same map for ever."""

    def __init__(self, key: bytes, capacity: int) -> None:
        if not 1 <= capacity <= 2**WIDTH_MAX:
            raise ValueError(f"a permutation covers 1 to 2**{WIDTH_MAX} numbers")
        self.capacity = capacity
        self._aes: CipherContext = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        self._blocks = np.zeros((CHUNK, 2), dtype="<u8")
        self._mixed = bytearray(CHUNK * 16 + 15)
        bits = max(2, (capacity - 1).bit_length())
        self._left_bits, self._right_bits = bits // 2, bits - bits // 2

    def of(self, start: int, count: int) -> Numbers:
        """Where the `count` numbers from `start` on go."""
        found = np.arange(start, start + count, dtype=np.uint64)
        for at in range(0, count, CHUNK):
            chunk = self._pass(found[at : at + CHUNK])
            outside = np.flatnonzero(chunk >= self.capacity)
            while outside.size:
                chunk[outside] = self._pass(chunk[outside])
                outside = outside[chunk[outside] >= self.capacity]
            found[at : at + CHUNK] = chunk
        return found

    def tail(self, heads: Numbers) -> Numbers:
        """A further 64-bit number for each head: not unique by itself, and not to be guessed."""
        found = np.empty_like(heads)
        for at in range(0, heads.size, CHUNK):
            found[at : at + CHUNK] = self._encrypt(heads[at : at + CHUNK], TAIL_TURN)
        return found

    def _pass(self, numbers: Numbers) -> Numbers:
        """One walk through the network; the halves change sides and widths in every round."""
        a_bits, b_bits = self._left_bits, self._right_bits
        a = numbers >> np.uint64(b_bits)
        b = numbers & np.uint64((1 << b_bits) - 1)
        for turn in range(ROUNDS):
            a, b = b, (a ^ self._encrypt(b, turn)) & np.uint64((1 << a_bits) - 1)
            a_bits, b_bits = b_bits, a_bits
        return (a << np.uint64(b_bits)) | b

    def _encrypt(self, half: Numbers, turn: int) -> Numbers:
        """The round function of at most one chunk; the result is good until the next call."""
        blocks = self._blocks[: half.size]
        blocks[:, 0] = half
        blocks[:, 1] = turn
        self._aes.update_into(blocks.data.cast("B"), self._mixed)
        return np.frombuffer(self._mixed, dtype="<u8", count=half.size * 2)[::2]
