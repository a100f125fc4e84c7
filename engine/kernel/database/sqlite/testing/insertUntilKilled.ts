// A program that writes documents until it is killed. It prints the _id of each document when the write has been acknowledged.
// Arguments: path of the database file, number of the round.
import { writeSync } from 'node:fs';
import { openSqliteDatabase } from '../SqliteDatabase.ts';

export interface Counted {
  _id: string;
  round: number;
  filler?: string;
  count?: number;
}

/** Waits while the reader is slower than the database. */
function print(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EAGAIN') throw err;
    }
  }
}

async function insertUntilKilled(path: string, round: number): Promise<never> {
  const database = await openSqliteDatabase({ path });
  const counted = database.collection<Counted>({ name: 'counted', indexes: [{ keys: { round: 1 } }] });
  await counted.insertOne({ _id: `counter-${round}`, round, count: 0 });
  for (let i = 0; ; i += 1) {
    const batch = Array.from({ length: 1 + (i % 7) }, async (_, j) => {
      const _id = `${round}-${i}-${j}`;
      await counted.insertOne({ _id, round, filler: 'x'.repeat((i * 37) % 3000) });
      await counted.updateOne({ _id: `counter-${round}` }, { $inc: { count: 1 } });
      print(`${_id}\n`);
    });
    await Promise.all(batch);
  }
}

const [path, round] = process.argv.slice(2);
if (path === undefined || round === undefined) throw new Error('usage: insertUntilKilled.ts <path> <round>');
await insertUntilKilled(path, Number(round));
