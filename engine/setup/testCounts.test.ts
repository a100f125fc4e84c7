import { describe, expect, it } from 'vitest';

import { closingLine, countsOf, skippedFiles, sumOf } from './testCounts.ts';

function file(name: string, status: string, ...tests: string[]) {
  return { name, status, assertionResults: tests.map((test) => ({ status: test })) };
}

describe('the closing line', () => {
  it('names passed and failed tests', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  });

  it('names skipped tests only when there are some', () => {
    expect(closingLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});

describe('counting tests', () => {
  it('adds up the files of a report', () => {
    const report = {
      testResults: [file('a', 'passed', 'passed', 'passed', 'skipped'), file('b', 'failed', 'passed', 'failed', 'todo')],
    };
    expect(countsOf(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('counts a file that broke before its first test as one failure', () => {
    expect(countsOf({ testResults: [file('a', 'failed')] })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('does not count a broken file twice when a test of it failed', () => {
    expect(countsOf({ testResults: [file('a', 'failed', 'failed', 'passed')] }).failed).toBe(1);
  });

  it('counts a file whose hook broke although its tests are only skipped', () => {
    expect(countsOf({ testResults: [file('a', 'failed', 'skipped')] })).toEqual({ passed: 0, failed: 1, skipped: 1 });
  });

  it('names the files that left tests out', () => {
    const report = { testResults: [file('a', 'passed', 'passed'), file('b', 'passed', 'pending', 'skipped', 'passed')] };
    expect(skippedFiles(report)).toEqual([{ name: 'b', skipped: 2 }]);
  });

  it('adds up stages', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(sumOf([one, one, { passed: 5, failed: 0, skipped: 0 }])).toEqual({ passed: 7, failed: 4, skipped: 6 });
  });
});
