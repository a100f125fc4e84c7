import { expect, it } from 'vitest';
import { renderLogLine } from './renderLogLine.ts';

it('shows a line of the log with its time, its severity and its fields', () => {
  const line = { level: 40, time: '2026-11-30T20:17:03.178Z', address: '127.0.0.1', hint: 'Two words', roles: ['live'], count: 3, err: { type: 'Error', message: 'the disk is full', stack: '…' }, msg: 'ingestSession.refused' };
  expect(renderLogLine(JSON.stringify(line))).toBe(`20:17:03 WARN ingestSession.refused address=127.0.0.1 hint="Two words" roles=[ 'live' ] count=3 err="the disk is full"`);
});

it('leaves every other line as it is', () => {
  for (const line of ['Lectern is running: live.', '{"level":30', '{"level":"high","msg":"x","time":"now"}', 'null']) expect(renderLogLine(line)).toBe(line);
});
