// A process with a worker, for tests: `node workerProcess.ts <database file> <name>`. It prints `<name> <job key> <fence>` when
// a job starts and holds it until it is killed, unless its name is `last`.
import { systemClock } from '../../Clock.ts';
import { InProcessBus } from '../../bus/index.ts';
import { openSqliteDatabase } from '../../database/index.ts';
import { createLogger } from '../../Logger.ts';
import { JobQueue } from '../JobQueue.ts';
import { JobWorker } from '../JobWorker.ts';
import { heldJobs } from './heldJobs.ts';

const [, , file = '', name = ''] = process.argv;
const logger = createLogger({ level: 'silent' });
const bus = new InProcessBus({ clock: systemClock, logger });
const queue = new JobQueue({ database: await openSqliteDatabase({ path: file }), bus, clock: systemClock });
const worker = new JobWorker({ queue, bus, clock: systemClock, logger, maxJobs: 1, name });
worker.handle({
  kind: heldJobs,
  concurrency: 1,
  run: async ({ key, fence }) => {
    process.stdout.write(`${name} ${key} ${fence}\n`);
    if (name !== 'last') await new Promise(() => undefined);
  },
});
await worker.start();
