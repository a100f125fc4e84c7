import { describe, expect, it } from 'vitest';

import { closingLine, countsOf, failedFiles, failedTests, skippedFiles, slowestTests, sumOf, withSecondRun } from './testCounts.ts';

function file(name: string, status: string, ...tests: string[]) {
  const assertionResults = tests.map((test) => ({ status: test, fullName: '', failureMessages: [] }));
  return { name, status, message: '', assertionResults };
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

  it('counts a file that fails before its first test as one failure', () => {
    expect(countsOf({ testResults: [file('a', 'failed')] })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('does not count a failed file twice when one of its tests failed', () => {
    expect(countsOf({ testResults: [file('a', 'failed', 'failed', 'passed')] }).failed).toBe(1);
  });

  it('counts a file whose hook failed although its tests are only skipped', () => {
    expect(countsOf({ testResults: [file('a', 'failed', 'skipped')] })).toEqual({ passed: 0, failed: 1, skipped: 1 });
  });

  it('names the files with skipped tests', () => {
    const report = { testResults: [file('a', 'passed', 'passed'), file('b', 'passed', 'pending', 'skipped', 'passed')] };
    expect(skippedFiles(report)).toEqual([{ name: 'b', skipped: 2 }]);
  });

  it('names the tests that failed, with their errors and without stacks', () => {
    const good = { status: 'passed', fullName: 'a tree grows', failureMessages: [] };
    const bad = { status: 'failed', fullName: 'a tree blooms', failureMessages: ['\u001b[31mError: no bees\u001b[39m\n    at bloom (tree.ts:3:1)'] };
    const report = { testResults: [{ name: 'tree.test.ts', status: 'failed', message: '', assertionResults: [good, bad] }] };
    expect(failedTests(report)).toEqual([{ file: 'tree.test.ts', test: 'a tree blooms', why: 'Error: no bees' }]);
  });

  it('counts the files of a second run in the place of the first', () => {
    const first = { testResults: [file('a', 'passed', 'passed'), file('b', 'failed', 'passed', 'failed'), file('c', 'failed')] };
    expect(failedFiles(first)).toEqual(['b', 'c']);
    const second = { testResults: [file('b', 'passed', 'passed', 'passed'), file('c', 'failed', 'failed')] };
    expect(countsOf(withSecondRun(first, second))).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('names a file that failed outside of its tests', () => {
    const broken = { ...file('tree.test.ts', 'failed', 'passed'), message: 'no soil\n    at plant (tree.ts:1:1)' };
    expect(failedTests({ testResults: [broken] })).toEqual([
      { file: 'tree.test.ts', test: '(outside of its tests)', why: 'no soil' },
    ]);
  });

  it('shows the first lines of a long error', () => {
    const failureMessages = [Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n')];
    const assertionResults = [{ status: 'failed', fullName: 'is short', failureMessages }];
    const [failed] = failedTests({ testResults: [{ name: 'a', status: 'failed', message: '', assertionResults }] });
    expect(failed?.why.split('\n').length).toBe(12);
  });

  it('names the slowest tests of all files, slowest first', () => {
    const timed = (fullName: string, duration?: number) => ({ status: 'passed', fullName, duration, failureMessages: [] });
    const report = {
      testResults: [
        { ...file('oak', 'passed'), assertionResults: [timed('grows', 2500), timed('stands')] },
        { ...file('reed', 'passed'), assertionResults: [timed('bends', 300), timed('breaks', 4000)] },
      ],
    };
    expect(slowestTests(report, 2)).toEqual([
      { file: 'reed', test: 'breaks', seconds: 4 },
      { file: 'oak', test: 'grows', seconds: 2.5 },
    ]);
  });

  it('adds up stages', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(sumOf([one, one, { passed: 5, failed: 0, skipped: 0 }])).toEqual({ passed: 7, failed: 4, skipped: 6 });
  });
});
