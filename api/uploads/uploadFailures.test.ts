import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CodedError } from '#engine/contract';
import { until } from '#engine/testing';
import { ClamdScanner } from '#recorder';
import type { ArrivedUpload } from '#recorder';
import { ClamdServer, eicar } from '#recorder/testing';
import { startTestApi, talk } from '../testing/index.ts';
import type { TestApiOptions } from '../testing/startTestApi.ts';
import { mp4Of, sha256Of } from './testing/mediaFiles.ts';
import { append, create, created, offsetOf, openAppend, tus } from './testing/tusRequests.ts';

const file = mp4Of(300_000);

async function open({ uploads, ...options }: TestApiOptions = {}) {
  const arrived: ArrivedUpload[] = [];
  const site = await startTestApi({ ...options, uploads: { onArrived: async (upload) => arrived.push(upload) > 0, ...uploads } });
  const ina = await site.firstAccount();
  const { id: courseId } = await ina.api.createCourse({ body: { title: 'Optics' } });
  const files = () => readdir(path.join(site.dataFolder, 'objects/uploads')).catch(() => []);
  const list = async () => (await ina.api.listUploads()).uploads;
  const bytesOf = async (at: string) => (await stat(path.join(site.dataFolder, 'objects/uploads', path.basename(at)))).size;
  return { site, ina, courseId, arrived, files, list, bytesOf };
}

async function openScanned() {
  const clamd = await ClamdServer.start();
  onTestFinished(() => clamd.stop());
  return { clamd, ...(await open({ uploads: { scanner: new ClamdScanner({ address: clamd.address, idleTimeoutMs: 50 }) } })) };
}

describe('Two clients on one upload', () => {
  it('do not send at the same time: the second is refused while the first one sends', async () => {
    const { site, ina, courseId, bytesOf } = await open();
    const at = await created(ina, file.length, { courseId });
    const { sent, answer } = openAppend(ina, `${site.url}${at}`, { bytes: file.length });
    sent.write(file.subarray(0, 1000));
    await until('its first bytes', async () => (await bytesOf(at)) === 1000);
    let position = 1000;
    let second: number | undefined;
    const refused = append(ina, at, { body: file }).then(({ problem }) => {
      second = problem?.status;
      return problem;
    });
    await until('the refusal', async () => {
      if (position < 100_000) sent.write(file.subarray(position, (position += 100)));
      await until('the next bytes', async () => (await bytesOf(at)) === position);
      site.clock.advance(300);
      return second !== undefined;
    });
    expect(await refused).toMatchObject({ code: 'upload.locked', status: 423 });
    sent.end(file.subarray(position));
    expect(await answer).toBe(204);
  });

  it('change places when the connection of the first one is dead', async () => {
    const { site, ina, courseId, arrived, bytesOf } = await open();
    const at = await created(ina, file.length, { courseId });
    const dead = openAppend(ina, `${site.url}${at}`, { bytes: file.length });
    dead.sent.write(file.subarray(0, 1000));
    await until('its first bytes', async () => (await bytesOf(at)) === 1000);
    let offset: number | undefined;
    const asked = offsetOf(ina, at).then((found) => (offset = found));
    await until('the offset', () => {
      site.clock.advance(300);
      return offset !== undefined;
    });
    expect(await asked).toBe(1000);
    expect((await append(ina, at, { body: file.subarray(1000), offset: 1000 })).status).toBe(204);
    expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file) } }]);
    dead.sent.destroy();
  });
});

it('A request in progress ends with its login, and what it has sent stays', async () => {
  const { site, ina, courseId, bytesOf } = await open();
  const at = await created(ina, file.length, { courseId });
  const { sent, answer } = openAppend(ina, `${site.url}${at}`, { bytes: file.length });
  sent.write(file.subarray(0, 1000));
  await until('its first bytes', async () => (await bytesOf(at)) === 1000);
  await ina.api.logout();
  expect([204, 'gone']).toContain(await answer);
  sent.destroy();
  ina.take(await ina.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
  await until('the offset', async () => {
    site.clock.advance(300);
    return (await offsetOf(ina, at)) === 1000;
  });
});

it('An upload may take longer than other requests', async () => {
  const { site, ina, courseId, arrived, bytesOf } = await open({ timeouts: { headersMs: 5000, requestMs: 50, checkEveryMs: 10, stalledMs: 60_000 } });
  const at = await created(ina, file.length, { courseId });
  const { sent, answer } = openAppend(ina, `${site.url}${at}`, { bytes: file.length });
  sent.write(file.subarray(0, 1000));
  await until('its first bytes', async () => (await bytesOf(at)) === 1000);
  // Another request, which began later, is ended for its slowness.
  expect(await talk(site.url, 'POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{')).toMatch(/^HTTP\/1\.1 408 /);
  sent.end(file.subarray(1000));
  expect(await answer).toBe(204);
  expect(arrived).toHaveLength(1);
});

describe('A disk that is nearly full', () => {
  it('takes no new file that does not fit, and no form, and says what to do', async () => {
    const { ina, courseId, list } = await open({ uploads: { wrapIncoming: (incoming) => Object.assign(incoming, { freeBytes: async () => 250_000 }) } });
    expect((await create(ina, file.length, { courseId })).problem).toMatchObject({ code: 'disk.full', status: 507 });
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(file)]), 'a.mp4');
    const response = await ina.fetch(`/api/v1/content/upload?courseId=${courseId}`, { method: 'POST', headers: { authorization: `Bearer ${ina.token}` }, body: form });
    expect(response.status).toBe(507);
    expect((await create(ina, 1000, { courseId })).status).toBe(201);
    expect(await list()).toHaveLength(1);
  });

  it('stops an upload without losing what has arrived', async () => {
    const disk = { free: 1e9 };
    const { ina, courseId, arrived } = await open({ uploads: { wrapIncoming: (incoming) => Object.assign(incoming, { freeBytes: async () => disk.free }) } });
    const at = await created(ina, file.length, { courseId });
    await append(ina, at, { body: file.subarray(0, 100_000) });
    disk.free = 0;
    expect((await append(ina, at, { body: file.subarray(100_000), offset: 100_000 })).problem).toMatchObject({ code: 'disk.full', retryAfterSeconds: 60 });
    disk.free = 1e9;
    expect(await offsetOf(ina, at)).toBe(100_000);
    expect((await append(ina, at, { body: file.subarray(100_000), offset: 100_000 })).status).toBe(204);
    expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file) } }]);
  });
});

describe('While the store or the database is away', () => {
  it('clients get 503 with Retry-After, and an upload whose last step failed is completed by the next request', async () => {
    const store = { isAway: false };
    const away = () => new CodedError('store.unavailable', 'The object store is away.');
    const { ina, courseId, arrived } = await open({
      uploads: {
        wrapIncoming: (incoming) => {
          const finish = incoming.finish.bind(incoming);
          return Object.assign(incoming, { finish: async (...args: Parameters<typeof finish>) => (store.isAway ? Promise.reject(away()) : finish(...args)) });
        },
      },
    });
    const at = await created(ina, file.length, { courseId });
    store.isAway = true;
    const last = await append(ina, at, { body: file });
    expect([last.status, last.headers.get('retry-after'), last.problem?.code]).toEqual([503, '2', 'store.unavailable']);
    expect((await tus(ina, { method: 'HEAD', path: at })).status).toBe(503);
    store.isAway = false;
    expect(await offsetOf(ina, at)).toBe(file.length);
    expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file) } }]);
  });

  it('a creation that the database refuses leaves nothing, and an upload whose row could not be written goes on', async () => {
    const database = { isFull: false };
    const { ina, courseId, arrived, files } = await open({ isWriteRefused: ({ collection }) => database.isFull && collection === 'uploads' });
    const at = await created(ina, file.length, { courseId });
    database.isFull = true;
    expect((await create(ina, 1000, { courseId })).status).toBe(507);
    expect((await append(ina, at, { body: file.subarray(0, 1000) })).status).toBe(507);
    expect(await files()).toHaveLength(1);
    database.isFull = false;
    expect(await offsetOf(ina, at)).toBe(1000);
    await append(ina, at, { body: file.subarray(1000), offset: 1000 });
    expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file) } }]);
  });
});

it('An upload whose process died after its file was complete, and before that was noted, is completed by the next request', async () => {
  const database = { isAway: false, goesAway: true };
  const { site, ina, courseId, arrived, list } = await open({
    isWriteRefused: ({ collection }) => database.isAway && collection === 'uploads',
    uploads: {
      wrapIncoming: (incoming) => {
        const finish = incoming.finish.bind(incoming);
        return Object.assign(incoming, {
          finish: async (...args: Parameters<typeof finish>) => {
            await finish(...args);
            database.isAway = database.goesAway;
          },
        });
      },
    },
  });
  const at = await created(ina, file.length, { courseId });
  expect((await append(ina, at, { body: file })).status).toBe(507);
  expect([arrived, (await list())[0]?.state]).toEqual([[], 'receiving']);
  Object.assign(database, { isAway: false, goesAway: false });
  expect(await offsetOf(ina, at)).toBe(file.length);
  await site.runJobs();
  expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file) } }]);
});

describe('With a virus scanner', () => {
  it('a clean file becomes a video after its scan, with its hash', async () => {
    const { ina, site, courseId, arrived, list } = await openScanned();
    const at = await created(ina, file.length, { courseId });
    expect((await append(ina, at, { body: file })).status).toBe(204);
    expect([arrived, await list()]).toMatchObject([[], [{ state: 'checking', problem: null }]]);
    expect(await site.runJobs()).toEqual([]);
    expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file), bytes: file.length } }]);
    expect(await list()).toEqual([]);
  });

  it('an infected file is deleted, its uploader learns why, and no video is made', async () => {
    const { ina, site, courseId, arrived, list } = await openScanned();
    const infected = Buffer.concat([mp4Of(100_000), Buffer.from(eicar), mp4Of(100_000)]);
    const at = await created(ina, infected.length, { courseId });
    await append(ina, at, { body: infected });
    expect(await site.runJobs()).toEqual([]);
    expect(arrived).toEqual([]);
    expect(await list()).toMatchObject([{ state: 'refused', problem: { code: 'upload.infected' } }]);
    expect((await site.store.list('videos/')).objects).toEqual([]);
    expect((await tus(ina, { method: 'HEAD', path: at })).status).toBe(422);
  });

  it('that hangs or is away, a file waits and says so, and is never let through', async () => {
    const { clamd, ina, site, courseId, arrived, list } = await openScanned();
    clamd.state = 'hanging';
    const at = await created(ina, file.length, { courseId });
    await append(ina, at, { body: file });
    expect(await site.runJobs()).toHaveLength(1);
    expect([arrived, await list()]).toMatchObject([[], [{ state: 'checking', problem: { code: 'upload.notScanned' } }]]);
    expect(await offsetOf(ina, at)).toBe(file.length);
    clamd.state = 'answering';
    site.clock.advance(10_000);
    expect(await site.runJobs()).toEqual([]);
    expect(arrived).toHaveLength(1);
  });
});
