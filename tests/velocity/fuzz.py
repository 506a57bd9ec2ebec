"""Coverage-guided fuzzing of templates with bytes: `make fuzz`; what it finds goes into found.jsonl.

Needs atheris, which `make fuzz` installs beside the project. Arguments are libFuzzer's, such as -max_total_time=600.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tearoff.velocity"]):
    from tests.velocity.survival import CASES, FOUND, survives, texts

WORDS = """
#set( #if( #elseif( #else #end #foreach( #break #stop #define( #evaluate( #macro( #parse( #include( #@ #[[ ]]# #* *# ##
$! ${ $!{ |' .. && || == true false in $foreach. $velocityCount $bodyContent $data. $mathTool. $numberTool. $dateTool.
.get( .size() .split( .replaceAll( .format( .substring( .repeat( .add( .put( .keySet() .entrySet() .matches( %PC_
$esc. formatDate( .diff( \\x5cu 99999999999999999999 1e308
"""


def one(data: bytes) -> None:
    """One input: bytes that are no UTF-8 become lone surrogates."""
    survives(data.decode("utf-8", "surrogateescape"))


def main() -> None:
    """Fuzz until the time is up or an input does not survive, which libFuzzer then writes to a file."""
    with tempfile.TemporaryDirectory() as folder:
        seeds, words = Path(folder, "seeds"), Path(folder, "words")
        seeds.mkdir()
        for number, text in enumerate(texts(CASES) + texts(FOUND)):
            (seeds / str(number)).write_bytes(text.encode("utf-8", "surrogateescape"))
        words.write_text("".join(f'"{word}"\n' for word in WORDS.split()))
        options = ["-max_len=2048", "-timeout=20", "-rss_limit_mb=1024", f"-dict={words}", *sys.argv[1:]]
        atheris.Setup([sys.argv[0], *options, str(seeds)], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
