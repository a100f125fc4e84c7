import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AccessPolicy } from '#engine';
import { until } from '#engine/testing';
import { maxWebhookFailures, webhookAttempts, webhookSweepMs } from '../programLimits.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';

interface Received {
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A receiver on loopback, which answers with the status that it is told. */
async function openReceiver() {
  const received: Received[] = [];
  const state = { status: 200, isSilent: false };
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      if (!state.isSilent) response.writeHead(state.status, state.status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('noted');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const networks = { outboundNetworks: ['127.0.0.0/8'] };

async function openSite(options = networks) {
  const site = await startTestApi(options);
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
  return { site, ada, courseId, course: { params: { courseId } } };
}

/** Runs the deliveries that are due, as a worker does; returns how many. */
async function deliver(site: TestApi): Promise<number> {
  const handler = site.webhooks.deliver(new AccessPolicy({ courseRoles: site.api.courseRoles, lectures: site.registry }));
  for (let count = 0; count < 1000; count += 1) {
    await site.jobs.sweep();
    const job = await site.jobs.claim([handler.kind], 'worker');
    if (!job) return count;
    const run = handler.run({ jobId: job._id, key: job.key, data: handler.kind.data.parse(job.data), attempt: job.attempts, fence: job.fence, signal: new AbortController().signal, progress: () => undefined });
    const outcome = await run.then(() => ({ type: 'succeeded' }) as const, (error: Error) => ({ type: 'failed', error: error.message }) as const);
    await site.jobs.finish(job, outcome);
  }
  throw new Error('the deliveries do not end');
}

async function deliveriesOf({ ada, courseId }: Pick<Awaited<ReturnType<typeof openSite>>, 'ada' | 'courseId'>, webhookId: string) {
  return (await ada.api.listCourseWebhookDeliveries({ params: { courseId, webhookId } })).deliveries;
}

describe('a webhook of a course', () => {
  it('is notified of lectures, recordings and enrolments, with a signature that the secret makes', async () => {
    const [opened, receiver] = [await openSite(), await openReceiver()];
    const { site, ada, course, courseId } = opened;
    const { webhook, secret } = await ada.api.createCourseWebhook({ ...course, body: { url: receiver.url, events: ['lecture.started', 'lecture.ended', 'enrolment.added'] } });
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Lenses' } });
    await (await site.signup('sam')).api.enrol(course);
    await ada.api.endLecture({ params: { lectureId } });
    await until('three deliveries', async () => (await deliveriesOf(opened, webhook.id)).length === 3);
    await deliver(site);
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort()).toEqual(['enrolment.added', 'lecture.ended', 'lecture.started']);
    for (const { headers, body } of receiver.received) {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(signed).digest('base64')}`);
      expect(JSON.parse(body)).toMatchObject({ timestamp: expect.stringMatching(/Z$/), data: { courseId } });
    }
    expect(await deliveriesOf(opened, webhook.id)).toMatchObject([1, 2, 3].map(() => ({ state: 'delivered', attempts: 1, lastStatus: 200, lastError: null })));
    expect(JSON.stringify([await ada.api.listCourseWebhooks(course), site.logLines])).not.toContain(secret);
  });

  it('gets one delivery of an event that several processes report', async () => {
    const opened = await openSite();
    const { site, ada, course, courseId } = opened;
    const { webhook } = await ada.api.createCourseWebhook({ ...course, body: { url: 'https://hooks.example.org/', events: ['recording.ready'] } });
    const event = { type: 'recording.ready', courseId, subjectId: 'rec_1', data: {} } as const;
    await Promise.all([1, 2, 3].map(() => site.webhooks.events.record(event)));
    await site.webhooks.events.record({ ...event, subjectId: 'rec_2' });
    await site.webhooks.events.record({ ...event, courseId: 'crs_other', subjectId: 'rec_3' });
    expect(await deliveriesOf(opened, webhook.id)).toHaveLength(2);
  });

  it('is tried again later and later, then given up, and can be sent again', async () => {
    const [opened, receiver] = [await openSite(), await openReceiver()];
    const { site, ada, course, courseId } = opened;
    const { webhook } = await ada.api.createCourseWebhook({ ...course, body: { url: receiver.url, events: ['lecture.started'] } });
    receiver.state.status = 503;
    await site.webhooks.events.record({ type: 'lecture.started', courseId, subjectId: 'lec_1', data: {} });
    const waitsMs: number[] = [];
    for (let waitedMs = 0; receiver.received.length < webhookAttempts && waitedMs < 24 * 3600_000; waitedMs += 60_000) {
      if ((await deliver(site)) > 0) waitsMs.push(waitedMs);
      site.clock.advance(60_000);
    }
    const gaps = waitsMs.slice(1).map((at, index) => at - (waitsMs[index] ?? 0));
    expect(gaps.every((gap, index) => gap >= (gaps[index - 1] ?? 0))).toBe(true);
    ada.take(await ada.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    const [failed] = await deliveriesOf(opened, webhook.id);
    expect(failed).toMatchObject({ state: 'failed', attempts: webhookAttempts, lastStatus: 503, lastError: 'The receiver answered 503. noted' });
    receiver.state.status = 204;
    const ids = { params: { courseId, webhookId: webhook.id, deliveryId: failed?.id ?? '' } };
    expect(await ada.api.resendCourseWebhookDelivery(ids)).toMatchObject({ state: 'pending' });
    await deliver(site);
    expect(await deliveriesOf(opened, webhook.id)).toMatchObject([{ state: 'delivered', attempts: webhookAttempts + 1 }]);
    // The receiver knows that it is the same event.
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('is disabled after many failures in a row, and enabled by hand', async () => {
    const [opened, receiver] = [await openSite(), await openReceiver()];
    const { site, ada, course, courseId } = opened;
    const { webhook } = await ada.api.createCourseWebhook({ ...course, body: { url: receiver.url, events: ['lecture.started'] } });
    receiver.state.status = 500;
    for (let event = 0; event < maxWebhookFailures; event += 1) await site.webhooks.events.record({ type: 'lecture.started', courseId, subjectId: `lec_${event}`, data: {} });
    await deliver(site);
    expect((await ada.api.listCourseWebhooks(course)).webhooks).toMatchObject([{ isEnabled: false, disabledBecause: 'failures' }]);
    await site.webhooks.events.record({ type: 'lecture.started', courseId, subjectId: 'lec_later', data: {} });
    expect(receiver.received).toHaveLength(maxWebhookFailures);
    expect(await ada.api.updateCourseWebhook({ params: { courseId, webhookId: webhook.id }, body: { isEnabled: true } })).toMatchObject({ isEnabled: true, disabledBecause: null });
  });

  it('sends a test when asked, and does not follow redirects', async () => {
    const [opened, receiver] = [await openSite(), await openReceiver()];
    const { site, ada, course, courseId } = opened;
    const { webhook } = await ada.api.createCourseWebhook({ ...course, body: { url: receiver.url, events: ['lecture.started'] } });
    receiver.state.status = 302;
    expect(await ada.api.testCourseWebhook({ params: { courseId, webhookId: webhook.id } })).toMatchObject({ state: 'pending', eventType: 'webhook.test' });
    await deliver(site);
    expect(await deliveriesOf(opened, webhook.id)).toMatchObject([{ state: 'failed', attempts: 1, lastStatus: 302, lastError: expect.stringContaining('redirects') }]);
    expect(receiver.received).toHaveLength(1);
  });

  it('sends nothing any more when its person does not own the course any more', async () => {
    const [{ site, ada }, receiver] = [await openSite(), await openReceiver()];
    const ina = await site.signup('ina');
    const setRoles = (roles: ('student' | 'instructor')[]) => ada.api.setUserRoles({ params: { userId: ina.userId }, body: { roles } });
    await setRoles(['instructor']);
    const { id: courseId } = await ina.api.createCourse({ body: { title: 'Waves' } });
    await ina.api.createCourseWebhook({ params: { courseId }, body: { url: receiver.url, events: ['lecture.started'] } });
    await setRoles(['student']);
    await site.webhooks.events.record({ type: 'lecture.started', courseId, subjectId: 'lec_1', data: {} });
    await deliver(site);
    expect(receiver.received).toEqual([]);
    await setRoles(['instructor']);
    expect((await ina.api.listCourseWebhooks({ params: { courseId } })).webhooks).toMatchObject([{ isEnabled: false, disabledBecause: 'rights' }]);
  });
});

describe('the address of a webhook', () => {
  it.each(['http://127.0.0.1/', 'https://localhost/', 'https://10.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest/meta-data', 'http://hooks.example.org/', 'https://user:pass@hooks.example.org/'])('%s is refused', async (url) => {
    const { ada, course } = await openSite({ outboundNetworks: [] });
    expect(await refusal(ada.api.createCourseWebhook({ ...course, body: { url, events: ['lecture.started'] } }))).toMatchObject({ code: 'address.refused', status: 422, errors: [{ path: 'url' }] });
  });

  it('that leads into the network later is refused at the delivery', async () => {
    const opened = await openSite({ outboundNetworks: [] });
    const { site, ada, course, courseId } = opened;
    const { webhook } = await ada.api.createCourseWebhook({ ...course, body: { url: 'https://hooks.example.org/', events: ['lecture.started'] } });
    site.hosts.set('hooks.example.org', '10.0.0.1');
    await site.webhooks.events.record({ type: 'lecture.started', courseId, subjectId: 'lec_1', data: {} });
    await deliver(site);
    expect(await deliveriesOf(opened, webhook.id)).toMatchObject([{ state: 'pending', attempts: 1, lastStatus: null }]);
  });
});

it('The webhooks of the site hear of all courses, and a job that was lost is added again', async () => {
  const [{ site, ada, courseId }, receiver] = [await openSite(), await openReceiver()];
  const { webhook } = await ada.api.createSiteWebhook({ body: { url: receiver.url, events: ['lecture.started'] } });
  expect(webhook.courseId).toBeNull();
  // A process that dies between the delivery and its job.
  vi.spyOn(site.jobs, 'add').mockRejectedValueOnce(new Error('the process has died'));
  await expect(site.webhooks.events.record({ type: 'lecture.started', courseId, subjectId: 'lec_1', data: {} })).rejects.toThrow('died');
  expect(await deliver(site)).toBe(0);
  site.clock.advance(webhookSweepMs + 1);
  await site.webhooks.sweep.run({ jobId: 'x', key: 'site', data: null, attempt: 1, fence: 1, signal: new AbortController().signal, progress: () => undefined });
  await deliver(site);
  expect(receiver.received).toHaveLength(1);
  expect((await ada.api.listSiteWebhookDeliveries({ params: { webhookId: webhook.id } })).deliveries).toMatchObject([{ state: 'delivered' }]);
});
