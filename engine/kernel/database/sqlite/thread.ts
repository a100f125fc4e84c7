// The program of the thread that holds a SQLite file: it runs the calls of SqliteThread and ends when it is told to close.
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { openConnection } from './openConnection.ts';
import { SqliteExecutor } from './SqliteExecutor.ts';
import { encodeError } from './threadErrors.ts';
import { OPENED } from './threadMessages.ts';
import type { ThreadReply, ThreadRequest } from './threadMessages.ts';

function serve(port: MessagePort, path: string): void {
  const replies: ThreadReply[] = [];
  const reply = (added: ThreadReply) => {
    if (replies.push(added) === 1) queueMicrotask(() => port.postMessage(replies.splice(0)));
  };
  const run = async (id: number, task: () => Promise<unknown>) => {
    try {
      reply({ id, result: await task() });
    } catch (error) {
      reply({ id, error: encodeError(error) });
    }
  };
  const open = async () => {
    const executor = new SqliteExecutor(openConnection(path));
    const running = new Set<Promise<void>>();
    const start = (id: number, task: () => Promise<unknown>) => {
      const done = run(id, task).finally(() => running.delete(done));
      running.add(done);
    };
    const close = async () => {
      await executor.close();
      await Promise.all(running);
    };
    port.on('message', (requests: readonly ThreadRequest[]) => {
      for (const { id, call } of requests) {
        if (call !== 'close') start(id, () => executor.call(call));
        // The port is closed when the replies are sent.
        else void run(id, close).then(() => setImmediate(() => port.close()));
      }
    });
  };
  void run(OPENED, open);
}

if (parentPort !== null) serve(parentPort, (workerData as { path: string }).path);
