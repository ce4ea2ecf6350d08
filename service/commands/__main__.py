"""`python -m service.commands`"""

from service.commands import wangge

wangge(prog_name="wangge")
