import { bench } from '../../../testing/index.ts';
import { openSqliteDatabase } from './SqliteDatabase.ts';

const documents = 100_000;
const courses = 1000;
const queries = 501;
/** A prime, so that the queries visit documents in no particular order. */
const step = 7919;

interface BenchDocument {
  _id: string;
  course: string;
  position: number;
  code: string;
  filler: string;
}

await bench('database', async (report) => {
  const database = await openSqliteDatabase({ path: ':memory:' });
  const collection = database.collection<BenchDocument>({
    name: 'documents',
    indexes: [{ keys: { course: 1, position: -1 } }, { keys: { code: 1 }, unique: true, sparse: true }],
  });
  report.say(`inserting ${documents} documents`);
  await collection.insertMany(
    Array.from({ length: documents }, (_, i) => ({ _id: `id-${i}`, course: `course-${i % courses}`, position: i, code: `code-${i}`, filler: 'x'.repeat(150) })),
  );
  const measure = async (name: string, query: (i: number) => Promise<BenchDocument[]>) => {
    const samples: number[] = [];
    for (let i = 0; i < queries; i += 1) {
      const startMs = performance.now();
      const found = await query((i * step) % documents);
      samples.push(performance.now() - startMs);
      if (found.length === 0) throw new Error(`${name} has found nothing`);
    }
    report.figure({ name, note: `SQLite in memory, ${documents} documents`, unit: 'ms', samples });
  };
  await measure('query by _id', (i) => collection.find({ _id: `id-${i}` }));
  await measure('query by a unique field', (i) => collection.find({ code: `code-${i}` }));
  await measure('query for the ten newest of a course', (i) => collection.find({ course: `course-${i % courses}` }, { sort: { position: -1 }, limit: 10 }));
  await database.close();
});
