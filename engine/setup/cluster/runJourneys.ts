import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { closingLine, countsOf, skippedFiles, VitestReport } from '../testCounts.ts';
import { readAll, unsetServerSettings } from '../testSources.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..');

export interface JourneyOptions {
  cluster: { url: string; setupUrl: string | undefined };
  /** Parts of the paths of test files; all journeys when empty. */
  filters: readonly string[];
  folder: string;
  env: NodeJS.ProcessEnv;
  print: (line: string) => void;
  /** Ends the run. */
  signal: AbortSignal;
}

/** Runs the journeys against a running site, and lists those that it cannot run. Resolves with the exit status. */
export async function runJourneys({ cluster: { url, setupUrl }, filters, folder, env, print, signal }: JourneyOptions): Promise<number> {
  const reportFile = path.join(folder, 'journeys.json');
  const words = ['run', '--project', 'journeys', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...filters];
  const child = spawn(path.join(root, 'node_modules/.bin/vitest'), words, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, LECTERN_TEST_SITE_URL: url, LECTERN_TEST_SETUP_TOKEN: setupUrl === undefined ? '' : (new URL(setupUrl).searchParams.get('token') ?? '') },
    signal,
  });
  const status = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
  if (!existsSync(reportFile)) return status || 1;
  const report = VitestReport.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  // The tests of a file that has failed before them were not left out.
  const skipped = skippedFiles({ testResults: report.testResults.filter((file) => file.status !== 'failed') });
  if (skipped.length > 0) print(notTested(skipped, env));
  print(`\n${closingLine(countsOf(report))}`);
  return status;
}

function notTested(skipped: readonly { name: string; skipped: number }[], env: NodeJS.ProcessEnv): string {
  const lines = skipped.map(({ name, skipped: count }) => {
    const unset = unsetServerSettings(readAll([name]), env);
    const why = unset.length > 0 ? `${unset.join(', ')} not set` : 'they configure, stop or kill a server of their own';
    return `!!!   ${path.relative(root, name)}: ${count} skipped: ${why}`;
  });
  const bar = '!'.repeat(78);
  return `\n${bar}\n!!! NOT TESTED AGAINST THE CLUSTER\n${lines.join('\n')}\n${bar}`;
}
