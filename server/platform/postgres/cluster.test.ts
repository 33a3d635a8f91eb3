import assert from "node:assert/strict";
import { test } from "node:test";
import { startFailure } from "./cluster.ts";

const SAID = [
  {
    output: 'PANIC:  could not write to file "pg_wal/xlogtemp.41": No space left on device',
    line: /^磁盘已满.*请清出空间/,
  },
  {
    output: 'initdb: error: could not write file "/data/postgres-18/global/pg_control": Disk quota exceeded',
    line: /^磁盘已满/,
  },
  {
    output: 'FATAL:  could not open file "/data/postgres-18/PG_VERSION": Permission denied',
    line: /^没有权限.*JIESU_DATA/,
  },
  { output: "FATAL:  could not map anonymous shared memory: Cannot allocate memory", line: /^内存不足/ },
  {
    output: "LOG:  starting\nFATAL:  invalid checkpoint record\n",
    line: /invalid checkpoint record.*日志在/,
  },
];

for (const { output, line } of SAID) {
  test(`when PostgreSQL says “${output.slice(0, 40)}…” the person reads one line of Chinese with the remedy`, () => {
    const { message } = startFailure(output, "/data/postgres-18");
    assert.match(message, line);
    assert.ok(!message.includes("\n"));
  });
}
