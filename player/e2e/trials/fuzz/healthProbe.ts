// The thread of HealthMonitor: one request after the other, each on a connection of its own.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { url, everyMs, pid } = workerData as { url: string; everyMs: number; pid: number };
const timeoutMs = 60_000;
/** Linux counts CPU time in hundredths of a second (`getconf CLK_TCK`). */
const msPerTick = 10;

for (;;) {
  const [sentMs, startedMs, workedBeforeMs] = [Date.now(), performance.now(), mainThreadMs()];
  const isOk = await isHealthy();
  parentPort?.postMessage({ sentMs, tookMs: performance.now() - startedMs, workedMs: mainThreadMs() - workedBeforeMs, isOk });
  await new Promise((resolve) => setTimeout(resolve, everyMs));
}

function isHealthy(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(url, { agent: false, timeout: timeoutMs, localAddress: '127.0.0.9' }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200));
    });
    request.once('timeout', () => request.destroy(new Error('no response')));
    request.once('error', () => resolve(false));
  });
}

/** CPU time of the server's main thread so far (proc(5): utime and stime are the fields after the twelfth). */
function mainThreadMs(): number {
  const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}
