import { stripVTControlCharacters } from 'node:util';

import * as z from 'zod';

const linesOfAnError = 12;

/** The part of vitest's JSON report (Jest's format) that is read here. */
export const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      /** An error outside of the tests of the file. */
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string().default(''),
          /** In ms; absent for a test that did not run. */
          duration: z.number().nullish(),
          /** Message and stack of each error. */
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});
export type VitestReport = z.infer<typeof VitestReport>;

export interface FailedTest {
  file: string;
  test: string;
  /** The first lines of the error, without its stack. */
  why: string;
}

export interface SlowTest {
  file: string;
  test: string;
  /** Without the hooks before and after it. */
  seconds: number;
}

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

export const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0 };

/** A file that failed outside of its tests counts as one failed test: how many it has is unknown. */
export function countsOf(report: VitestReport): TestCounts {
  let counts = noTests;
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const passed = statuses.filter((status) => status === 'passed').length;
    const failed = statuses.filter((status) => status === 'failed').length;
    const isBroken = file.status === 'failed' && failed === 0;
    const skipped = statuses.length - passed - failed;
    counts = sumOf([counts, { passed, failed: failed + (isBroken ? 1 : 0), skipped }]);
  }
  return counts;
}

/** The files with skipped tests, and how many. */
export function skippedFiles(report: VitestReport): { name: string; skipped: number }[] {
  return report.testResults
    .map((file) => ({ name: file.name, skipped: countsOf({ testResults: [file] }).skipped }))
    .filter(({ skipped }) => skipped > 0);
}

/** The tests that failed, and the files that failed outside of their tests. */
export function failedTests(report: VitestReport): FailedTest[] {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (file.status === 'failed' && failed.length === 0) {
      return [{ file: file.name, test: '(outside of its tests)', why: withoutStack(file.message) }];
    }
    return failed.map((test) => ({ file: file.name, test: test.fullName, why: withoutStack(test.failureMessages.join('\n')) }));
  });
}

/** The files in which something failed. */
export function failedFiles(report: VitestReport): string[] {
  return [...new Set(failedTests(report).map(({ file }) => file))];
}

/** The report of a run with the files of a second run in the place of those of the first. */
export function withSecondRun(first: VitestReport, second: VitestReport): VitestReport {
  const repeated = new Set(second.testResults.map(({ name }) => name));
  return { testResults: [...first.testResults.filter(({ name }) => !repeated.has(name)), ...second.testResults] };
}

/** The tests that took longest, slowest first. */
export function slowestTests(report: VitestReport, count: number): SlowTest[] {
  return report.testResults
    .flatMap(({ name, assertionResults }) => assertionResults.map(({ fullName, duration }) => ({ file: name, test: fullName, seconds: (duration ?? 0) / 1000 })))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count);
}

function withoutStack(error: string): string {
  const lines = stripVTControlCharacters(error)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.slice(0, linesOfAnError).join('\n');
}

export function sumOf(all: readonly TestCounts[]): TestCounts {
  return all.reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    noTests,
  );
}

export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
