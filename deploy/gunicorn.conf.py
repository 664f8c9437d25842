"""gunicorn -c deploy/gunicorn.conf.py 'app:create_app()': for those who know gunicorn. granian (run.py) answers more."""

from core.settings import read_settings

_settings = read_settings()
_sqlite = _settings.database_url.startswith("sqlite")

bind = f"{_settings.host}:{_settings.port}"
workers = 1 if _sqlite else _settings.web_concurrency  # a second process on SQLite only waits for the first
worker_class = "gthread"
threads = 128  # serve.THREADS: core.shedding says who may hold how many of them
graceful_timeout = 7
keepalive = 15
control_socket_disable = True  # it would be made in the home of whoever starts us
accesslog = None  # paths hold the tokens of lines


def post_worker_init(worker):
    from serve import share_heaps, work_in_one_process

    share_heaps()
    work_in_one_process(worker.wsgi)
