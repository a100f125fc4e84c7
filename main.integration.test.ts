import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { announcement } from '#api';
import { startLectern } from './main.ts';

it('prints the port that RTMP listens on, also when any free port may be used', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'lectern-'));
  const anyPort = { LECTERN_HTTP_PORT: '0', LECTERN_RTMP_PORT: '0', LECTERN_RTC_PORT: '0' };
  const lectern = await startLectern({ ...process.env, ...anyPort, LECTERN_DATA_DIR: folder.path, LECTERN_LOG_LEVEL: 'silent', LECTERN_HTTP_LISTEN_ADDRESS: '127.0.0.1', LECTERN_RTC_WORKERS: '1' });
  await using open = new AsyncDisposableStack();
  open.defer(() => lectern.close());
  expect(lectern.ports.rtmpPort).toBeGreaterThan(0);
  expect(announcement(lectern)).toContain(`OBS      rtmp://localhost:${lectern.ports.rtmpPort}/live`);
});
