import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench } from '../../../testing/index.ts';
import type { BenchReport } from '../../../testing/index.ts';
import { openConnection } from './openConnection.ts';
import type { SqliteChannel } from './SqliteCall.ts';
import { SqliteCollection } from './SqliteCollection.ts';
import { SqliteExecutor } from './SqliteExecutor.ts';
import { SqliteThread } from './SqliteThread.ts';

interface BenchDocument {
  _id: string;
  course: string;
  filler: string;
}

const calls = 2000;
const burst = 200;
const bursts = 50;
const declaration = { name: 'documents', indexes: [{ keys: { course: 1 } }] };
const documentOf = (id: string): BenchDocument => ({ _id: id, course: 'c', filler: 'x'.repeat(300) });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function measure(report: BenchReport, where: string, channel: SqliteChannel): Promise<void> {
  await channel.call({ kind: 'declare', declaration });
  const documents = new SqliteCollection<BenchDocument>(declaration, channel);
  await documents.insertMany(Array.from({ length: 10_000 }, (_, i) => documentOf(`d-${i}`)));
  const reads: number[] = [];
  const lag: number[] = [];
  const bursting: number[] = [];
  for (let i = 0; i < calls; i += 1) reads.push(await timed(() => documents.findOne({ _id: `d-${(i * 7919) % 10_000}` })));
  for (let i = 0; i < bursts; i += 1) {
    const writes = () => Promise.all(Array.from({ length: burst }, (_, j) => documents.insertOne(documentOf(`b-${i}-${j}`))));
    let longest = 0;
    let lastMs = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - lastMs);
      lastMs = performance.now();
    }, 1);
    bursting.push(await timed(writes) / burst);
    await new Promise((resolve) => setTimeout(resolve, 5));
    clearInterval(timer);
    lag.push(longest);
  }
  report.figure({ name: `find one document, ${where}`, unit: 'ms', samples: reads });
  report.figure({ name: `insert, ${burst} at once, each, ${where}`, unit: 'ms', samples: bursting });
  report.figure({ name: `longest pause of the event loop during these inserts, ${where}`, unit: 'ms', samples: lag });
  await channel.close();
}

await bench('a call of the embedded database', async (report) => {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-bench-'));
  try {
    await measure(report, 'in this thread', new SqliteExecutor(openConnection(join(folder, 'here.db'))));
    await measure(report, 'in a thread of its own', await SqliteThread.open({ path: join(folder, 'thread.db') }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
