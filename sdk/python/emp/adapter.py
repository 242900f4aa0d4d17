"""A small but whole EMP endpoint behind the adapter protocol: a second opinion on the paper, and an example.

Read it in this order: ``frames.py`` (what is on the wire), ``descriptors.py`` (what the host hands over),
``activities.py`` (what goes when), ``sending.py`` and ``receiving.py`` (the protocol), ``host.py`` (the calls, the
link, and how all of it hangs together). E and R numbers are rows of docs/reading-emp.md.
"""

import sys
from pathlib import Path

# The SDK lies beside this folder; in a folder of its own an adapter has a copy of it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import viaduct  # noqa: E402
from host import Host  # noqa: E402

SECOND = 1_000_000_000

FACTS = viaduct.Facts(
    name='emp-example',
    version='1.0',
    vendor='viaduct',
    interfaces=['emp'],
    clock='virtual',
    wire='frames',
    profile='emp-1',
    worlds=32,
    options={
        'stepped': True,
        'emp.counters': True,
        'emp.descriptors': True,
        'emp.completion-events': True,
        'emp.wildcards': True,
        'emp.mpi': True,
        'emp.cancel': True,
        'emp.probe': True,
        'emp.retry-limit': True,
    },
    values={
        'emp.collection': viaduct.Value(3, least=1, most=64),
        'emp.window': viaduct.Value(4, least=1, most=64),
        'emp.timeout': viaduct.Value(800_000, least=1_000, most=3600 * SECOND),
        'emp.timeout-cap': viaduct.Value(100_000_000, least=1_000, most=3600 * SECOND),
        'emp.retries': viaduct.Value(0, least=0, most=1000),
        'emp.first-message': viaduct.Value(0, least=0, most=0xFFFF_FFFF),
        'emp.descriptors': viaduct.Value(640, least=1, most=4096),
        'emp.page': viaduct.Value(4096),
        'emp.translation': viaduct.Value(0),
        'emp.burst': viaduct.Value(20),
        'wire.mtu': viaduct.Value(1500, least=46, most=9000),
    },
)

if __name__ == '__main__':
    viaduct.serve(FACTS, Host)
