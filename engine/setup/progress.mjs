import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** A problem that a person has to solve; printed without a stack. */
export class SetupProblem extends Error {}

export function say(line) {
  console.log(`[setup] ${line}`);
}

const progressIntervalMs = 15_000;

const begunLogs = new Set();

/**
 * Runs a command with its output in a log file, and prints a progress line every 15 s.
 * `progressOf(line)` may return the progress of a line of output. Rejects with a SetupProblem.
 */
export async function runLogged(command, args, { name, log, cwd, env, timeoutMs, progressOf = () => undefined }) {
  const status = await run(command, args, { name, log, cwd, env, timeoutMs, progressOf });
  if (status === 0) return;
  throw new SetupProblem(`${name} failed (${status}). The end of ${log}:\n${endOf(log)}`);
}

/** The same; returns the exit status, the signal, or the reason why it could not start. */
export async function run(command, args, { name, log, cwd, env, timeoutMs, progressOf }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = createWriteStream(log, { flags: begunLogs.has(log) ? 'a' : 'w' });
  begunLogs.add(log);
  file.write(`$ ${[command, ...args].join(' ')}\n`);
  const startedAt = Date.now();
  let latest = '';
  const child = spawn(command, args, { cwd, env, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill();
  process.once('exit', stop);
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8');
    output.on('data', (text) => {
      const plain = stripVTControlCharacters(text);
      file.write(plain);
      for (const line of plain.split('\n')) latest = progressOf(line) ?? latest;
    });
  }
  const ticker = setInterval(() => {
    say(`  ${name}: ${latest ? `${latest}, ` : ''}${Math.round((Date.now() - startedAt) / 1000)} s`);
  }, progressIntervalMs);
  const status = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  clearInterval(ticker);
  process.off('exit', stop);
  file.end();
  await once(file, 'close');
  return status;
}

// Without stacks, which are longer than the messages.
function endOf(log) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  return lines.filter((line) => !/^\s+at /.test(line)).slice(-25).join('\n');
}
