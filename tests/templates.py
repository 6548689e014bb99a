"""Compiled templates, shared by all applications and processes of these tests: to compile them takes longer than all
else a page does.
"""

from jinja2 import FileSystemBytecodeCache


class CompiledTemplates(FileSystemBytecodeCache):
    """Keeps them in memory, and for other processes in Jinja's own folder of this user."""

    def __init__(self):
        super().__init__()
        self._code = {}

    def load_bytecode(self, bucket):
        if code := self._code.get((bucket.key, bucket.checksum)):
            bucket.code = code
        else:
            super().load_bytecode(bucket)
            self._code[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket):
        self._code[bucket.key, bucket.checksum] = bucket.code
        super().dump_bytecode(bucket)


OPTIONS = {"bytecode_cache": CompiledTemplates()}
