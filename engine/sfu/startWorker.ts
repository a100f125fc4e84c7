import { statSync } from 'node:fs';
import path from 'node:path';
import { createWorker, workerBin as packagedWorkerBin } from 'mediasoup';
import type { types } from 'mediasoup';

const wrapper = path.join(import.meta.dirname, 'workerInOwnSession.sh');
const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Starts a media worker that no signal to Lectern ends. Lectern closes it after the recordings, which take the media in
 * flight. `workerBin`: its program; the one of the package if undefined.
 */
export async function startWorker(workerBin = packagedWorkerBin): Promise<types.Worker> {
  const known = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
  // mediasoup gives its environment to the worker, and the wrapper no arguments of ours.
  // eslint-disable-next-line no-restricted-properties
  process.env['LECTERN_MEDIA_WORKER'] = workerBin;
  const starting = createWorker({ logLevel: 'warn', workerBin: isExecutable(wrapper) ? wrapper : workerBin });
  // mediasoup closes its workers when the process gets a signal.
  for (const [signal, before] of known) {
    for (const listener of process.listeners(signal)) if (!before.has(listener)) process.removeListener(signal, listener);
  }
  return starting;
}

/** A copy of the product may have lost the mode of its files. */
function isExecutable(file: string): boolean {
  return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0;
}
