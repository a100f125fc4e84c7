// `npm run trials`: the trials at full length, with everything that is measured. Takes hours. Prints a table for each.
//   npm run trials -- killed           only trials with "killed" in their path
//   npm run trials -- --save f drops   also writes the tables to the file f
import { spawn } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { renderTrials } from './renderTrials.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const reports = process.env.LECTERN_TRIAL_REPORTS ?? join(root, '.data/trials');
const { values, positionals } = parseArgs({ options: { save: { type: 'string' } }, allowPositionals: true });

console.log(`[trials] at full length; reports in ${reports}`);
const child = spawn(join(root, 'node_modules/.bin/vitest'), ['run', '--project', 'trials', '--reporter=verbose', ...positionals], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, LECTERN_TRIALS: 'long', LECTERN_TRIAL_REPORTS: reports },
});
child.once('exit', (code, signal) => {
  const report = renderTrials(globSync(`${reports}/*.jsonl`).sort());
  console.log(report);
  if (values.save) writeFileSync(values.save, report);
  process.exitCode = code ?? (signal ? 1 : 0);
});
