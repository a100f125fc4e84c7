import { expect, it } from 'vitest';
import { ManualClock, openTestDatabase } from '#engine/testing';
import { idempotencyLeaseMs, idempotencyMs } from '../programLimits.ts';
import { startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';
import { IdempotentRequests } from './IdempotentRequests.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

async function create(who: Browser, { key, title }: { key: string; title: string }) {
  const response = await who.fetch('/api/v1/courses', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${who.token ?? ''}`, 'idempotency-key': key },
    body: JSON.stringify({ title }),
  });
  const body = (await response.json()) as { id?: string; code?: string };
  return { status: response.status, isReplayed: response.headers.get('idempotent-replayed') === 'true', id: body.id, code: body.code };
}

it('A creating request that is repeated with its key creates once, and gets the same answer', async () => {
  const first = await create(ada, { key: '00000000-0000-4000-8000-000000000001', title: 'Optics' });
  const second = await create(ada, { key: '"00000000-0000-4000-8000-000000000001"', title: 'Optics' });
  expect([first.status, first.isReplayed, second.status, second.isReplayed, second.id]).toEqual([201, false, 201, true, first.id]);
  expect((await ada.api.listCourses()).courses.filter(({ id }) => id === first.id)).toHaveLength(1);
  expect((await create(ada, { key: '00000000-0000-4000-8000-000000000002', title: 'Optics' })).id).not.toBe(first.id);
});

it('The key of another body is refused, and so is a key that is no UUID; another caller has keys of their own', async () => {
  const { id } = await create(ada, { key: '00000000-0000-4000-8000-000000000003', title: 'Optics' });
  expect(await create(ada, { key: '00000000-0000-4000-8000-000000000003', title: 'Acoustics' })).toMatchObject({ status: 422, code: 'idempotency.mismatch' });
  expect(await create(ada, { key: 'short', title: 'Acoustics' })).toMatchObject({ status: 400, code: 'request.invalid' });
  const ina = await site.signup('ina');
  await ada.api.setUserRoles({ params: { userId: ina.userId }, body: { roles: ['instructor'] } });
  const hers = await create(ina, { key: '00000000-0000-4000-8000-000000000003', title: 'Acoustics' });
  expect([hers.status, hers.isReplayed, hers.id === id]).toEqual([201, false, false]);
});

it('Of requests with one key at the same time, one creates', async () => {
  const before = (await ada.api.listCourses()).courses.length;
  const answers = await Promise.all(Array.from({ length: 5 }, () => create(ada, { key: '00000000-0000-4000-8000-000000000004', title: 'Waves' })));
  expect((await ada.api.listCourses()).courses).toHaveLength(before + 1);
  for (const { status } of answers) expect([201, 409]).toContain(status);
});

it('A refused request is not kept: with its key it may be sent again', async () => {
  const sam = await site.signup('sam');
  expect(await create(sam, { key: '00000000-0000-4000-8000-000000000005', title: 'Mine' })).toMatchObject({ status: 403 });
  await ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['instructor'] } });
  expect(await create(sam, { key: '00000000-0000-4000-8000-000000000005', title: 'Mine' })).toMatchObject({ status: 201, isReplayed: false });
});

it('An answer is kept for a day, sealed, and for all processes', async () => {
  const database = await openTestDatabase();
  const clock = new ManualClock();
  const [here, there] = [new IdempotentRequests({ database, clock }), new IdempotentRequests({ database, clock })];
  const request = { callerId: 'usr_1', route: 'issueStreamKey', key: 'a-key-of-mine', content: '{}' };
  expect(await here.begin(request)).toBeUndefined();
  await expect(there.begin(request)).rejects.toMatchObject({ code: 'idempotency.running' });
  // The process died: the request may be repeated.
  clock.advance(idempotencyLeaseMs);
  expect(await there.begin(request)).toBeUndefined();
  await there.keep(request, { status: 201, body: '{"streamKey":"secret-of-the-course"}' });
  expect(await here.begin(request)).toEqual({ status: 201, body: '{"streamKey":"secret-of-the-course"}' });
  const rows = await database.collection<{ _id: string; expiresAtMs: number }>({ name: 'idempotentRequests', indexes: [{ keys: { expiresAtMs: 1 } }] }).find({});
  expect(JSON.stringify(rows)).not.toMatch(/secret|a-key-of-mine/);
  clock.advance(idempotencyMs);
  await here.removeExpired();
  expect(await there.begin(request)).toBeUndefined();
  await database.close();
});
