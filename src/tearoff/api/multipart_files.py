"""The first file of a multipart body, piece by piece; a body without its end is refused."""

from __future__ import annotations

from collections.abc import Iterator

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from tearoff.errors import Invalid, Problem

PARTS_MAX = 100
FIELD_BYTES_MAX = 1_000


class FirstFile:
    """Reads the body: `feed` what arrived and get the bytes of the file in it, then `close`.

    The file is the first part that has a file name or is not one of `names`. Parts before it with one of those names
    are kept in `fields`; one behind it is refused, since its rows were read without it. Other parts are skipped.
    """

    def __init__(self, content_type: str, names: frozenset[str]) -> None:
        _, options = parse_options_header(content_type)
        self.fields: dict[str, str] = {}
        self._names = names
        self._part: MultipartSegment | None = None
        self._file: MultipartSegment | None = None
        try:
            self._parser = PushMultipartParser(options.get("boundary", ""), max_segment_count=PARTS_MAX)
        except MultipartError as error:
            raise _unreadable(error) from error

    @property
    def charset(self) -> str:
        """What the file's own header says of its encoding; empty where it says nothing."""
        return (self._file.charset if self._file else None) or ""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The bytes of the file that this piece of the body brings; raises Invalid."""
        try:
            for event in self._parser.parse(piece):
                if isinstance(event, MultipartSegment):
                    self._begin(event)
                elif event is not None and self._part is self._file:
                    yield bytes(event)
                elif event is not None and self._file is None:
                    self._keep(bytes(event))
        except MultipartError as error:
            raise _unreadable(error) from error

    def close(self) -> None:
        """Raises Invalid when the body ended too early, or without a file."""
        try:
            self._parser.close()
        except MultipartError as error:
            raise _unreadable(error) from error
        if self._file is None:
            raise Invalid(Problem("", "The multipart body holds no file."))

    def _begin(self, part: MultipartSegment) -> None:
        self._part = part
        if part.filename or part.name not in self._names:
            self._file = self._file or part
        elif self._file is not None:
            sentence = f"{part.name} stands behind the file in the form; send it before the file, or in the query."
            raise Invalid(Problem(f"/{part.name}", sentence))

    def _keep(self, piece: bytes) -> None:
        name = (self._part.name if self._part else None) or ""
        text = self.fields.get(name, "") + piece.decode("utf-8", "replace")
        if len(text) > FIELD_BYTES_MAX:
            raise Invalid(Problem(f"/{name}", f"{name} has more than {FIELD_BYTES_MAX} characters."))
        self.fields[name] = text


def _unreadable(error: MultipartError) -> Invalid:
    return Invalid(Problem("", f"The multipart body could not be read to its end: {error}."))
