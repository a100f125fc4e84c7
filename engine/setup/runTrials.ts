// `npm run trials`: the trials of `npm test` at full length, which takes hours. What each saw lies in .data/trials as JSON lines.
//   npm run trials -- killed    only trials with "killed" in their path
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const reports = process.env.LECTERN_TRIAL_REPORTS ?? join(root, '.data/trials');

console.log(`[trials] at full length; reports go to ${reports}`);
const child = spawn(join(root, 'node_modules/.bin/vitest'), ['run', '--project', 'trials', '--reporter=verbose', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, LECTERN_TRIALS: 'long', LECTERN_TRIAL_REPORTS: reports },
});
child.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});
