"""Our routes without workers, for the servers of HTTP that `serve.py` compares."""

from onehealthkg.serving.app import Application
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.receiving import Base
from onehealthkg.serving.server import Server
from onehealthkg.serving.workers import Limits

pools = [Pool(1, 1.0, Limits(0)) for _ in range(3)]
app = Application(Server(*pools), Base("http://127.0.0.1"))
