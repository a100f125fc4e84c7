/**
 * Copies the embedded database of a data folder into MongoDB, and compares them: `npm run carry`, with LECTERN_DATA_DIR and
 * LECTERN_DATABASE_URL, while no server runs on either. It can be interrupted and repeated. The exit code is 0 when both are the
 * same, 1 when something differs, and 2 when nothing could be copied.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../Clock.ts';
import { processConfig } from '../../config.ts';
import { parseConfig } from '../../parseConfig.ts';
import { DatabaseFileError } from '../DatabaseFileError.ts';
import { mongoError } from '../mongo/mongoError.ts';
import { databaseFile } from '../openDatabase.ts';
import { carryDatabase } from './carryDatabase.ts';
import type { CarryProgress, CarryReport } from './carryDatabase.ts';
import { CarrySource } from './CarrySource.ts';
import { CarryTarget } from './CarryTarget.ts';

function show({ step, collection, done, total }: CarryProgress): void {
  const line = `${step} ${collection}: ${done} of ${total}`;
  // A terminal shows one line for each step, other readers the last one of each.
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}${done === total ? '\n' : ''}`);
  else if (done === total) process.stdout.write(`${line}\n`);
}

async function carry(environment: NodeJS.ProcessEnv): Promise<CarryReport> {
  const config = parseConfig(processConfig, environment);
  const { LECTERN_DATABASE_URL: url, LECTERN_DATABASE_POOL: poolSize, LECTERN_DATABASE_TIMEOUT_SECONDS: seconds } = config;
  if (url === undefined) throw new Error('LECTERN_DATABASE_URL is not set; it names the MongoDB database to fill.');
  const file = databaseFile(resolve(config.LECTERN_DATA_DIR));
  if (!existsSync(file)) throw new Error(`There is no embedded database at ${file}; set LECTERN_DATA_DIR.`);
  await using parts = new AsyncDisposableStack();
  const source = parts.adopt(new CarrySource(file), (part) => part.close());
  const target = parts.adopt(new CarryTarget({ url, poolSize, timeoutMs: seconds * 1000 }), (part) => part.close());
  return await carryDatabase({ source, target, clock: systemClock, isRepeated: process.argv.includes('--again'), onProgress: show });
}

function summary({ collections, copied, differences }: CarryReport): string {
  const total = Object.values(collections).reduce((sum, count) => sum + count, 0);
  if (differences.length > 0) return `MongoDB differs in these documents:\n${differences.map((name) => `  ${name}`).join('\n')}`;
  return `MongoDB has all ${total} documents (${copied} copied now). Start Lectern with LECTERN_DATABASE_URL; the data folder keeps recordings and secrets.`;
}

function explain(error: unknown): string {
  if (error instanceof DatabaseFileError && error.reason === 'locked') return 'Lectern is running on this data folder. Stop it, then start again.';
  const known = mongoError(error, 'lectern');
  return known instanceof Error ? known.message : String(known);
}

try {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const report = await carry(process.env);
  process.stdout.write(`${summary(report)}\n`);
  process.exitCode = report.differences.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`The database was not copied: ${explain(error)}\n`);
  process.exitCode = 2;
}
