import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';

const batchSize = 100;

/** Sends the request so often, a hundred at a time. */
async function flood(count: number, send: (index: number) => Promise<Response>): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  for (let sent = 0; sent < count; sent += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, count - sent) }, (_, index) => send(sent + index));
    for (const response of await Promise.all(batch)) {
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  }
  return statuses;
}

/** Logs in with invented names and wrong passwords. */
function guesses(site: TestApi): (index: number) => Promise<Response> {
  return (index) =>
    fetch(`${site.url}/api/v1/users/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: `guess${index}@example.org`, password: 'guess' }) });
}

/** A person on a device of theirs, in a course with a live lecture. All requests of these tests come from one address. */
async function knownPerson(site: TestApi) {
  const ada = await site.firstAccount();
  const sam = await site.signup('sam');
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  return { sam, lectureId };
}

async function expectAtHome(site: TestApi, { sam, lectureId }: Awaited<ReturnType<typeof knownPerson>>): Promise<void> {
  sam.take(await sam.api.refresh());
  expect((await sam.api.joinLecture({ body: { lectureId } })).role).toBe('student');
  await sam.api.logout();
  sam.take(await sam.api.login({ body: { email: 'sam@example.org', password: 'sam-password' } }));
  expect((await sam.api.joinLecture({ body: { lectureId } })).role).toBe('student');
}

describe('during a flood from one address, a known person there refreshes, joins and logs in', () => {
  it('while thousands refresh without a cookie', async () => {
    const site = await startTestApi();
    const known = await knownPerson(site);
    const statuses = await flood(6100, () => fetch(`${site.url}/api/v1/users/refresh`, { method: 'POST', headers: { 'x-lectern-client': 'web' } }));
    expect(statuses).toEqual(new Map([[401, 6100]]));
    await expectAtHome(site, known);
  });

  it('while forged refresh tokens are tried', async () => {
    const site = await startTestApi();
    const known = await knownPerson(site);
    const forged = known.sam.cookies.get('lectern_refresh')?.value.replace('.1.', '.2.') ?? '';
    const statuses = await flood(400, () => fetch(`${site.url}/api/v1/users/refresh`, { method: 'POST', headers: { 'x-lectern-client': 'web', cookie: `lectern_refresh=${forged}` } }));
    expect(statuses).toEqual(new Map([[401, 400]]));
    await expectAtHome(site, known);
  });

  it('while a script guesses passwords, which slows strangers there and shuts nobody out', async () => {
    const site = await startTestApi();
    const known = await knownPerson(site);
    const sue = await site.signup('sue');
    const guess = guesses(site);
    expect(await flood(300, guess)).toEqual(new Map([[401, 300]]));
    expect((await guess(300)).status).toBe(401);
    const slowed = guess(301);
    const stranger = site.browser().api.login({ body: { email: 'sue@example.org', password: 'sue-password' } });
    let hasEntered = false;
    void stranger.then(() => (hasEntered = true));
    await expectAtHome(site, known);
    expect(hasEntered).toBe(false);
    site.clock.advance(5000);
    expect((await slowed).status).toBe(401);
    expect((await stranger).account.id).toBe(sue.userId);
  });

  it('while strangers wait in the slow lane until it is full', async () => {
    const site = await startTestApi();
    const known = await knownPerson(site);
    const guess = guesses(site);
    await flood(300, guess);
    const slowed = Array.from({ length: 40 }, (_, index) => guess(300 + index));
    const refused: Response[] = [];
    for (const response of slowed) void response.then((given) => given.status === 503 && refused.push(given));
    // One passes at once and one each second for 20 s.
    await until('the refusals', () => refused.length === 19);
    expect(await refused[0]?.json()).toMatchObject({ code: 'server.busy', retryAfterSeconds: 20 });
    await expectAtHome(site, known);
    site.clock.advance(60_000);
    const statuses = (await Promise.all(slowed)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(21);
  });
});
