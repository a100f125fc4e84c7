// `npm run bench`: runs every *.bench.ts, one after the other, and prints one table of all figures.
//   npm run bench -- join       only files with "join" in their path
//   npm run bench -- --save f   also writes the table to the file f
import { fork } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Figure } from './figures.ts';
import { renderFigures } from './renderFigures.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// Ends a bench that hangs.
const benchTimeoutMs = 20 * 60_000;

interface BenchOutcome {
  figures: Figure[];
  problem: string | undefined;
}

function measure(file: string): Promise<BenchOutcome> {
  const figures: Figure[] = [];
  const child = fork(join(root, file), { cwd: root, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], timeout: benchTimeoutMs });
  child.on('message', (message) => figures.push(Figure.parse(message)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ figures, problem: code === 0 ? undefined : `${file} ended with ${code ?? signal}` }));
  });
}

function machine(): string {
  const { mediasoup, node } = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }).dependencies;
  const [first] = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return `${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores of ${first?.model.trim() ?? 'an unknown make'}, ${memoryGb} GB, Linux ${release()}; Node ${node}, mediasoup ${mediasoup}.`;
}

const { values, positionals } = parseArgs({ options: { save: { type: 'string' } }, allowPositionals: true });
const files = globSync('{engine,signaling,ingest,recorder,player,api}/**/*.bench.ts', { cwd: root })
  .filter((file) => positionals.every((part) => file.includes(part)))
  .sort();
const figures: Figure[] = [];
const problems: string[] = [];
for (const [index, file] of files.entries()) {
  process.stderr.write(`[bench] ${index + 1} of ${files.length}: ${file}\n`);
  const outcome = await measure(file);
  figures.push(...outcome.figures);
  if (outcome.problem) problems.push(outcome.problem);
}
if (files.length === 0) problems.push('no bench has this in its path');
const report = [machine(), '', renderFigures(figures), ...problems.map((problem) => `\n**${problem}**`), ''].join('\n');
process.stdout.write(`${report}\n`);
if (values.save) writeFileSync(values.save, report);
process.exitCode = problems.length > 0 ? 1 : 0;
