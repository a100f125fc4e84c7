// `npm test`: every check in order, to the end, and a last line that says what came of it.
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  closingLine,
  countsOf,
  failedTests,
  noTests,
  skippedFiles,
  sumOf,
  VitestReport,
  type TestCounts,
} from './testCounts.ts';
import { readAll, unsetServerSettings } from './testSources.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stations = ['engine', 'signaling', 'ingest', 'recorder', 'player', 'api'];
const projects = ['unit', 'integration', 'journeys', 'trials'];
// A stage that hangs must not hang the whole; its tests have limits of their own far below this.
const stageTimeoutMs = 20 * 60_000;

const vitestArguments = process.argv.slice(2);
const warnings: string[] = [];
// The output of a whole run is long: what failed is said again at its end.
const failures: string[] = [];

interface Outcome {
  status: number | NodeJS.Signals;
  output: string;
}

/** One that is not shown runs beside others: its output is for later. */
async function run(command: string, args: string[], isShown: boolean): Promise<Outcome> {
  const path = join(root, 'node_modules/.bin', command);
  const output = isShown ? 'inherit' : 'pipe';
  const child = spawn(path, args, { cwd: root, stdio: ['ignore', output, output], timeout: stageTimeoutMs });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status: status ?? signal ?? 1, output: text }));
  });
}

async function stage(name: string, work: () => Promise<TestCounts>): Promise<TestCounts> {
  console.log(`\n──── ${name}`);
  const startedAt = performance.now();
  const named = failures.length;
  const counts = await work();
  if (counts.failed > 0 && failures.length === named) failures.push(`${name}: see above`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`──── ${name}: ${closingLine(counts)} (${seconds} s)`);
  return counts;
}

function one(isGood: boolean): TestCounts {
  return isGood ? { ...noTests, passed: 1 } : { ...noTests, failed: 1 };
}

async function outcomeOf(check: Promise<Outcome>): Promise<TestCounts> {
  const { status, output } = await check;
  process.stdout.write(output);
  return one(status === 0);
}

async function importRules(check: Promise<Outcome>): Promise<TestCounts> {
  const { status, output } = await check;
  process.stdout.write(output);
  // With a compiler it does not know, dependency-cruiser reads nothing and is content.
  const modules = Number(/\((\d+) modules/.exec(output)?.[1] ?? 0);
  if (status === 0 && modules === 0) console.log('dependency-cruiser has read no module at all');
  return one(status === 0 && modules > 0);
}

async function vitest(project: string): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-tests-'));
  const reportFile = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const options = ['run', '--project', project, '--passWithNoTests', ...reporters];
    const { status } = await run('vitest', [...options, ...vitestArguments], true);
    return judge(project, status, existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(project: string, status: number | NodeJS.Signals, text: string | undefined): TestCounts {
  const report = text === undefined ? { testResults: [] } : VitestReport.parse(JSON.parse(text));
  for (const { name, skipped } of skippedFiles(report)) {
    const unset = unsetServerSettings(readAll([name]), process.env);
    const why = unset.length > 0 ? `: ${unset.join(', ')} not set` : '';
    warnings.push(`${relative(root, name)}: ${skipped} ${skipped === 1 ? 'test' : 'tests'} skipped${why}`);
  }
  for (const { file, test, why } of failedTests(report)) {
    failures.push(`${relative(root, file)}: ${test}\n${indented(why)}`);
  }
  const counts = countsOf(report);
  if (report.testResults.length === 0 && status === 0 && vitestArguments.length === 0) {
    warnings.push(`${project}: no test was found`);
    return { ...counts, failed: 1 };
  }
  // An error outside every test, or a run that was killed.
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function missingServers(): string[] {
  const files = globSync(stations.flatMap((station) => [`${station}/**/*.test.ts`, `${station}/**/testing/**/*.ts`]), {
    cwd: root,
  });
  const named = files.filter((file) => !file.startsWith('engine/setup/')).map((file) => join(root, file));
  return unsetServerSettings(readAll(named), process.env).map(
    (name) => `${name} is not set: what needs that server was not tested (see engine/setup/README.md)`,
  );
}

// They are of one process each: side by side they take as long as the longest where there are two cores.
const paths = [...stations, 'main.ts'].filter((path) => existsSync(join(root, path)));
const types = run('tsc', ['--noEmit'], false);
const lint = run('eslint', ['.'], false);
const imports = run('depcruise', ['--config', '.dependency-cruiser.mjs', ...paths], false);
const counts = [
  await stage('type check', () => outcomeOf(types)),
  await stage('lint', () => outcomeOf(lint)),
  await stage('import rules', () => importRules(imports)),
];
for (const project of projects) counts.push(await stage(`${project} tests`, () => vitest(project)));

warnings.push(...missingServers());
if (warnings.length > 0) {
  const bar = '!'.repeat(78);
  console.log(`\n${bar}\n!!! NOT EVERYTHING WAS TESTED\n${warnings.map((line) => `!!!   ${line}`).join('\n')}\n${bar}`);
}
if (failures.length > 0) console.log(`\n──── what failed\n${failures.join('\n')}`);
const total = sumOf(counts);
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
