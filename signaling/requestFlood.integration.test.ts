import { describe, expect, it } from 'vitest';
import { maxCapabilitiesLength, UserId } from '#engine/contract';
import type { RtpCapabilities, TransportId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { FakeTrack, until } from '#engine/testing';
import { handRaiseBurst, maxPagesPerUser, mediaRequestCost, requestUnitBurst } from './contract/index.ts';
import { accepted, received, request, requestRaw, useTestRoom } from './testing/index.ts';
import type { Client } from './testing/index.ts';

const room = useTestRoom();

const capabilities = () => room.lecture.requireRoom().rtpCapabilities;
const publish = () => room.lecture.publish(room.lecture.attachEncoder('OBS'), { source: 'program', kind: 'video', track: new FakeTrack('video'), isPaused: false }).id;
const openReceiving = async (client: Client): Promise<TransportId> => (await accepted(client, 'transport.open', { direction: 'recv', rtpCapabilities: capabilities() })).transportId;

/** As large as the schemas of a list allow by their elements. */
function largeCapabilities(characters: number): RtpCapabilities {
  const codecs = [];
  for (let index = 0; JSON.stringify(codecs).length < characters; index += 1) {
    codecs.push({ kind: 'video' as const, mimeType: 'video/H264', clockRate: 90_000, preferredPayloadType: 100, parameters: { [`parameter${index}`]: 'x'.repeat(250), [`further${index}`]: 'x'.repeat(250) } });
  }
  return { codecs: [...(capabilities().codecs ?? []), ...codecs], headerExtensions: [] };
}

describe('a student with eight pages who floods the room', () => {
  async function openPages(): Promise<{ pages: Client[]; transports: TransportId[] }> {
    const userId = UserId.parse(newId('usr'));
    const pages: Client[] = [];
    for (let page = 0; page < maxPagesPerUser; page += 1) pages.push(await room.join('student', userId));
    const transports: TransportId[] = [];
    for (const page of pages) transports.push(await openReceiving(page));
    room.clock.advance(10_000);
    return { pages, transports };
  }

  it('subscribes no more often than on one page, and others are served', async () => {
    const publicationId = publish();
    const { pages, transports } = await openPages();
    const other = await room.join('student');
    const otherTransport = await openReceiving(other);
    const acks = await Promise.all(pages.flatMap((page, index) => Array.from({ length: 10 }, () => request(page, 'track.subscribe', { transportId: transports[index]!, publicationId }))));
    const served = acks.filter(({ ok }) => ok);
    expect(served).toHaveLength(requestUnitBurst / mediaRequestCost);
    expect(acks.filter((ack) => !ack.ok && ack.error.code === 'request.tooFrequent')).toHaveLength(acks.length - served.length);
    expect(await request(other, 'track.subscribe', { transportId: otherTransport, publicationId })).toMatchObject({ ok: true });
  });

  it('raises no more hands than on one page', async () => {
    const { pages } = await openPages();
    const acks = await Promise.all(pages.map((page) => request(page, 'hand.raise', {})));
    expect(acks.filter(({ ok }) => ok)).toHaveLength(handRaiseBurst);
  });

  it('gets no new budget with a new connection', async () => {
    const userId = UserId.parse(newId('usr'));
    const spend = async (count: number) => {
      const page = await room.join('student', userId);
      const acks = await Promise.all(Array.from({ length: count }, () => request(page, 'roster.list', {})));
      page.disconnect();
      return acks.filter(({ ok }) => ok).length;
    };
    expect([await spend(requestUnitBurst), await spend(10)]).toEqual([requestUnitBurst, 0]);
  });

  it('is disconnected for capabilities of 182 kB', async () => {
    const { pages } = await openPages();
    for (const page of pages) page.emit('track.subscribe', { transportId: newId('trn'), publicationId: newId('pub'), rtpCapabilities: largeCapabilities(182_000) } as never, () => undefined);
    await until('the pages to be closed', () => pages.every((page) => !page.connected));
  });
});

describe('capabilities', () => {
  it('are sent once, when the transport is opened', async () => {
    const publicationId = publish();
    const student = await room.join('student');
    const { transportId } = await accepted(student, 'transport.open', { direction: 'recv' });
    expect(await request(student, 'track.subscribe', { transportId, publicationId })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await request(student, 'track.subscribe', { transportId: await openReceiving(student), publicationId })).toMatchObject({ ok: true });
  });

  it(`are refused above ${maxCapabilitiesLength} characters`, async () => {
    const student = await room.join('student');
    const open = (rtpCapabilities: RtpCapabilities) => request(student, 'transport.open', { direction: 'recv', rtpCapabilities });
    expect(await open(largeCapabilities(maxCapabilitiesLength - 2000))).toMatchObject({ ok: true });
    expect(await open(largeCapabilities(maxCapabilitiesLength + 1000))).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
  });

  it('are reduced to what the room sends', async () => {
    const publicationId = publish();
    const student = await room.join('student');
    const onlyVp9: RtpCapabilities = { codecs: [{ kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, preferredPayloadType: 98 }], headerExtensions: [] };
    const { transportId } = await accepted(student, 'transport.open', { direction: 'recv', rtpCapabilities: onlyVp9 });
    expect(await request(student, 'track.subscribe', { transportId, publicationId })).toMatchObject({ ok: false, error: { code: 'media.unsupported' } });
  });
});

it('a large request costs more than a small one', async () => {
  const student = await room.join('student');
  const closed = received(student, 'room.closed');
  const large = { offset: 0, padding: 'x'.repeat(41_000) };
  const acks = (await Promise.all(Array.from({ length: 30 }, () => requestRaw(student, 'roster.list', large)))) as { ok: boolean }[];
  expect(acks.filter(({ ok }) => ok)).toHaveLength(Math.floor(requestUnitBurst / 11));
  expect(closed).toEqual([]);
});
