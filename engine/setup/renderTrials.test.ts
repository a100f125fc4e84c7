import { describe, expect, it } from 'vitest';
import { rowsOf, tables } from './renderTrials.ts';

describe('the tables of trials', () => {
  it('have a row for each line, and a table for each set of columns', () => {
    const rows = rowsOf('{"kill":1,"verdict":"whole"}\n{"kill":2,"verdict":"a|b"}\n{"scene":"RTMP"}\n');
    expect(tables(rows)).toBe('| kill | verdict |\n|---:|---|\n| 1 | whole |\n| 2 | a\\|b |\n\n| scene |\n|---|\n| RTMP |');
  });
});
