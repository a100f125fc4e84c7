// `npm test`: every check and every test. The last line is the result: `N passed, N failed`.
//   npm test -- recorder     only test files with "recorder" in their path
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  closingLine,
  countsOf,
  failedFiles,
  failedTests,
  noTests,
  skippedFiles,
  slowestTests,
  sumOf,
  VitestReport,
  withSecondRun,
  type FailedTest,
  type SlowTest,
  type TestCounts,
} from './testCounts.ts';
import { readAll, unsetServerSettings } from './testSources.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stations = ['engine', 'signaling', 'ingest', 'recorder', 'player', 'api'];
/** The vitest projects of each lane (see vitest.config.ts). */
const lanes = {
  'unit tests': ['unit'],
  'parallel tests': ['stores-ferretdb', 'stores-mongo-java', 'integration', 'journeys', 'trials'],
  'exclusive tests': ['exclusive'],
};
// Ends a stage that hangs. Its tests have much lower limits of their own.
const stageTimeoutMs = 30 * 60_000;
/** The checks leave the cores to the unit tests beside them. */
const checkNiceness = '10';
const listedSlowTests = 10;
/** More failed files than these are not run again: that is no accident. */
const maxFilesRunAgain = 3;

const vitestArguments = process.argv.slice(2);
const warnings: string[] = [];
// Repeated at the end of the output, which is long.
const failures: string[] = [];
/** What failed beside other tests, and passed when its file ran alone. */
const passedAlone: string[] = [];
const slowTests: SlowTest[] = [];

interface Exit {
  status: number | NodeJS.Signals;
  output: string;
  seconds: number;
}

/** Runs a command of node_modules; its output is printed at once, or collected. */
async function run(command: readonly string[], stdio: 'inherit' | 'pipe'): Promise<Exit> {
  const [name = '', ...args] = command;
  const startedAt = performance.now();
  const path = join(root, 'node_modules/.bin', name);
  const words = stdio === 'pipe' ? ['nice', '-n', checkNiceness, path, ...args] : [path, ...args];
  const child = spawn(words[0] ?? '', words.slice(1), { cwd: root, stdio: ['ignore', stdio, stdio], timeout: stageTimeoutMs });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status: status ?? signal ?? 1, output, seconds: (performance.now() - startedAt) / 1000 }));
  });
}

function printStart(name: string): void {
  console.log(`\n──── ${name}`);
}

function printEnd(name: string, counts: TestCounts, seconds: number): TestCounts {
  console.log(`──── ${name}: ${closingLine(counts)} (${seconds.toFixed(1)} s)`);
  return counts;
}

/** Prints the result of a check that ran in the background. */
async function check(name: string, exited: Promise<Exit>, isPassed: (exit: Exit) => boolean = ({ status }) => status === 0): Promise<TestCounts> {
  const exit = await exited;
  printStart(name);
  process.stdout.write(exit.output);
  const isGood = isPassed(exit);
  if (!isGood) failures.push(`${name}: see above`);
  return printEnd(name, isGood ? { ...noTests, passed: 1 } : { ...noTests, failed: 1 }, exit.seconds);
}

/** With a compiler version that it does not know, dependency-cruiser reads no module and succeeds. */
function hasReadModules({ status, output }: Exit): boolean {
  const modules = Number(/\((\d+) modules/.exec(output)?.[1] ?? 0);
  if (status === 0 && modules === 0) console.log('dependency-cruiser has read no module');
  return status === 0 && modules > 0;
}

interface LaneRun {
  status: number | NodeJS.Signals;
  report: VitestReport;
  seconds: number;
}

async function runLane(name: keyof typeof lanes): Promise<TestCounts> {
  printStart(name);
  const first = await runProjects(name, vitestArguments);
  const { status, report, seconds } = name === 'unit tests' ? first : await runFailedAgain(name, first);
  return printEnd(name, judge(name, status, report), seconds);
}

async function runProjects(name: keyof typeof lanes, args: readonly string[]): Promise<LaneRun> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-tests-'));
  const reportFile = join(folder, 'report.json');
  try {
    const projects = lanes[name].flatMap((project) => ['--project', project]);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const { status, seconds } = await run(['vitest', 'run', ...projects, '--passWithNoTests', ...reporters, ...args], 'inherit');
    const report = existsSync(reportFile) ? VitestReport.parse(JSON.parse(readFileSync(reportFile, 'utf8'))) : { testResults: [] };
    return { status, report, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Real browsers and servers share the machine in these lanes. A file that failed beside the others runs once more, alone, and the end of the output says so. */
async function runFailedAgain(name: keyof typeof lanes, first: LaneRun): Promise<LaneRun> {
  const files = failedFiles(first.report);
  if (vitestArguments.length > 0 || files.length === 0 || files.length > maxFilesRunAgain) return first;
  printStart(`${name} that failed, once more`);
  const second = await runProjects(name, ['--no-file-parallelism', ...files.map((file) => relative(root, file))]);
  const stillFailed = new Set(failedFiles(second.report));
  passedAlone.push(...failedTests(first.report).filter(({ file }) => !stillFailed.has(file)).map(describeFailure));
  return { status: second.status, report: withSecondRun(first.report, second.report), seconds: first.seconds + second.seconds };
}

function judge(name: string, status: number | NodeJS.Signals, report: VitestReport): TestCounts {
  slowTests.push(...slowestTests(report, listedSlowTests));
  for (const { name: file, skipped } of skippedFiles(report)) {
    const unset = unsetServerSettings(readAll([file]), process.env);
    const why = unset.length > 0 ? `: ${unset.join(', ')} not set` : '';
    warnings.push(`${relative(root, file)}: ${skipped} ${skipped === 1 ? 'test' : 'tests'} skipped${why}`);
  }
  failures.push(...failedTests(report).map(describeFailure));
  const counts = countsOf(report);
  if (report.testResults.length === 0 && status === 0 && vitestArguments.length === 0) {
    warnings.push(`${name}: no test was found`);
    return { ...counts, failed: 1 };
  }
  if (status === 0 || counts.failed > 0) return counts;
  // An error outside of every test, or a run that was killed.
  failures.push(`${name}: see above`);
  return { ...counts, failed: 1 };
}

function describeFailure({ file, test, why }: FailedTest): string {
  return `${relative(root, file)}: ${test}\n${indented(why)}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function missingServers(): string[] {
  const files = globSync(stations.flatMap((station) => [`${station}/**/*.test.ts`, `${station}/**/*.trial.ts`, `${station}/**/testing/**/*.ts`]), { cwd: root });
  const named = files.filter((file) => !file.startsWith('engine/setup/')).map((file) => join(root, file));
  return unsetServerSettings(readAll(named), process.env).map(
    (name) => `${name} is not set: what needs that server was not tested (see engine/setup/README.md)`,
  );
}

function printSlowTests(): void {
  const slowest = slowTests.toSorted((a, b) => b.seconds - a.seconds).slice(0, listedSlowTests);
  if (slowest.length === 0) return;
  console.log('\n──── slowest tests');
  for (const { seconds, file, test } of slowest) console.log(`${seconds.toFixed(1).padStart(6)} s  ${relative(root, file)}: ${test}`);
}

// The checks run beside the unit tests: neither depends on real time. The tests after them have the machine to themselves.
const paths = [...stations, 'main.ts'].filter((path) => existsSync(join(root, path)));
const types = run(['tsc', '--noEmit'], 'pipe');
const lint = run(['eslint', '.'], 'pipe');
const imports = run(['depcruise', '--config', '.dependency-cruiser.mjs', ...paths], 'pipe');
const counts = [
  await runLane('unit tests'),
  await check('type check', types),
  await check('lint', lint),
  await check('import rules', imports, hasReadModules),
  await runLane('parallel tests'),
  await runLane('exclusive tests'),
];

printSlowTests();
warnings.push(...missingServers());
if (warnings.length > 0) {
  const bar = '!'.repeat(78);
  console.log(`\n${bar}\n!!! NOT EVERYTHING WAS TESTED\n${warnings.map((line) => `!!!   ${line}`).join('\n')}\n${bar}`);
}
if (passedAlone.length > 0) console.log(`\n──── failed beside other tests, and passed alone\n${passedAlone.join('\n')}`);
if (failures.length > 0) console.log(`\n──── what failed\n${failures.join('\n')}`);
const total = sumOf(counts);
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
