import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { RtpHeader } from 'werift';
import type { DtlsParameters, RtpParameters, TransportId, TransportParameters } from '#engine/contract';
import { until } from '#engine/testing';
import { it } from '../classroomTest.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { startSending } from '../goLive.ts';
import { MediaTransport } from '../load/MediaTransport.ts';
import { forEachAttackerLecture, openAttackerLectures } from './fuzz/AttackerLecture.ts';
import type { AttackerLecture } from './fuzz/AttackerLecture.ts';
import { FuzzTarget } from './fuzz/FuzzTarget.ts';
import { Attacker } from './fuzz/Attacker.ts';
import { bindingRequest, framedForTcp, mediaPacket, rtcpPacket, rtpPayload } from './fuzz/mediaPackets.ts';
import { inputsOf, mutated } from './fuzz/mutations.ts';
import { chunks, times } from './fuzz/chunks.ts';
import { upTo } from './fuzz/rtmpInputs.ts';
import type { Tally } from './fuzz/Tally.ts';
import { ticketFor } from './fuzz/ticketFor.ts';
import { seededRandom, trialSeed } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

/** Of each round; in the long run, with two rounds each, 10^5. */
const requestCount = trialSize({ short: 60, long: 16_000 });
const packetCount = trialSize({ short: 80, long: 20_000 });
const keyedCount = trialSize({ short: 80, long: 14_000 });
/** Its owner gets sixty tickets a minute. */
const attackerLectureCount = trialSize({ short: 2, long: 30 });
/** After twenty invalid requests the server disconnects. */
const requestsEach = 10;
const packetsEach = 20;
const cameraVideo = { widthPx: 320, heightPx: 180, frameRate: 15 };

interface Sender {
  attacker: Attacker;
  transportId: TransportId;
  parameters: TransportParameters;
}

interface SentRequest {
  name: string;
  data: Record<string, unknown>;
}

describe('fuzzed media', () => {
  const seed = trialSeed('mediaFuzz');
  const chance = seededRandom(seed);
  const report = new TrialReport('mediaFuzz');
  let lecture: FuzzTarget;
  let url: string;
  let attackerLectures: AttackerLecture[];
  /** The requests with which a real page publishes its camera and its microphone. */
  let publishRequests: SentRequest[];

  it.beforeAll(async ({ browser }) => {
    lecture = await FuzzTarget.open({ browser, settings: { LECTERN_GRACE_SECONDS: '3600' } });
    url = lecture.classroom.server.url;
    attackerLectures = await openAttackerLectures(lecture.classroom, { count: attackerLectureCount, isRecorded: true });
    publishRequests = await recordStudioRequests();
    expect(publishRequests.map(({ name }) => name)).toEqual(expect.arrayContaining(['transport.connect', 'track.publish']));
  });

  it.afterAll(() => lecture?.close());

  it('gets coded errors for invalid parameters of tracks and transports', () =>
    lecture.attack(report, 'parameters of tracks and transports', async (tally) => {
      const inputs = fc.constantFrom(...publishRequests).chain(({ name, data }) => mutated(fc.constant(data)).map((changed) => ({ name, data: changed })));
      const portions = chunks(inputsOf(inputs, { seed: seed + upTo(chance, 1000), count: requestCount }), requestsEach);
      await inEach(portions, async ({ attacker, transportId }, some) => {
        for (const { name, data } of some) await send(tally, { attacker, name, data: withTransport(data, transportId) });
      });
    }));

  it('affects nobody else as garbage on the media port, over UDP and TCP', () =>
    lecture.attack(report, 'packets to the media port', (tally) =>
      inEach(times(Math.ceil(packetCount / packetsEach)), async ({ parameters }, round) => {
        const packets = Array.from({ length: packetsEach }, () => mediaPacket(chance, parameters.iceParameters));
        await (round % 3 === 0 ? sendByTcp(parameters, packets) : sendByUdp(parameters, packets));
        tally.inputs += packets.length;
        tally.refused += packets.length;
      })));

  it('affects nobody else as damaged RTP and RTCP with valid keys', () =>
    lecture.attack(report, 'RTP and RTCP with good keys', (tally) =>
      inEach(times(Math.ceil(keyedCount / (2 * packetsEach))), async ({ attacker, parameters, transportId }, round) => {
        const path = await MediaTransport.open({ parameters, connectTransport: async (dtlsParameters: DtlsParameters) => void (await attacker.ask('transport.connect', { transportId, dtlsParameters })), onRtp: () => undefined });
        const tracks = publishRequests.filter(({ name }) => name === 'track.publish');
        const data = tracks[round % tracks.length]?.data ?? {};
        await attacker.ask('track.publish', { ...data, transportId } as never);
        for (let count = 0; count < packetsEach; count += 1) {
          path.sendRtp(rtpPayload(chance), damagedHeader(data.rtpParameters as RtpParameters, count));
          path.sendRtcp(rtcpPacket(chance, chance() < 0.5 ? 1 : (data.rtpParameters as RtpParameters).encodings?.[0]?.ssrc ?? 1));
          tally.inputs += 2;
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        tally.refused += 2 * packetsEach;
        path.close();
      })));

  /** In all of the attackers' lectures at once, with a connection for each item. */
  async function inEach<T>(items: Iterable<T>, work: (sender: Sender, item: T) => Promise<void>): Promise<void> {
    await forEachAttackerLecture(attackerLectures, { concurrency: attackerLectures.length, items }, async ({ person, lectureId }, item) => {
      const ticket = await ticketFor(person, lectureId);
      using attacker = await Attacker.connect(url);
      await attacker.ask('room.join', { ticket, as: 'presenter' });
      await work({ attacker, ...(await attacker.ask('transport.open', { direction: 'send' })) }, item);
    });
  }

  async function recordStudioRequests(): Promise<SentRequest[]> {
    const [attacked] = attackerLectures;
    if (!attacked) throw new Error('an attacker has a lecture');
    const sent: SentRequest[] = [];
    const studio = await lecture.classroom.openPage(attacked.person, '/');
    studio.on('websocket', (socket) => socket.on('framesent', ({ payload }) => {
      const [, json] = /^42\/live,\d+(\[.*)$/s.exec(payload.toString()) ?? [];
      if (json === undefined) return;
      const [name, data] = JSON.parse(json) as [string, Record<string, unknown>];
      if (name === 'transport.connect' || name === 'track.publish') sent.push({ name, data });
    }));
    await studio.addInitScript(installFlashingDevices, cameraVideo);
    await studio.goto(`${url}/studio/${attacked.lectureId}`);
    await startSending(studio);
    await until('the requests of the studio', () => sent.filter(({ name }) => name === 'track.publish').length === 2);
    await studio.close();
    return sent;
  }

  async function send(tally: Tally, { attacker, name, data }: { attacker: Attacker; name: string; data: unknown }): Promise<void> {
    tally.inputs += 1;
    const reaction = await attacker.provoke(name, data);
    if (reaction.kind === 'defect') tally.defect(reaction.what, [name, data]);
    else if (reaction.kind === 'answered') tally.answered += 1;
    else tally.refused += 1;
  }

  function damagedHeader({ codecs, encodings }: RtpParameters, count: number): RtpHeader {
    return new RtpHeader({
      version: 2,
      marker: chance() < 0.3,
      payloadType: chance() < 0.8 ? (codecs[0]?.payloadType ?? 96) : upTo(chance, 128),
      sequenceNumber: chance() < 0.8 ? count : upTo(chance, 0x10000),
      timestamp: chance() < 0.7 ? count * 3000 : upTo(chance, 2 ** 32 - 1),
      ssrc: chance() < 0.7 ? (encodings?.[0]?.ssrc ?? 7) : upTo(chance, 2 ** 32 - 1),
      extension: chance() < 0.6,
      extensionProfile: chance() < 0.5 ? 0xbede : 0x1000,
      extensions: Array.from({ length: upTo(chance, 5) }, () => ({ id: 1 + upTo(chance, 14), payload: Buffer.alloc(1 + upTo(chance, 16), upTo(chance, 256)) })),
    });
  }
});

/** Replaces the page's transport by that of this connection, where the mutation left one. */
function withTransport(data: unknown, transportId: string): unknown {
  if (typeof data !== 'object' || data === null || !('transportId' in data)) return data;
  return typeof data.transportId === 'string' && data.transportId.startsWith('trn_') ? { ...data, transportId } : data;
}

function portOf({ iceCandidates }: TransportParameters, protocol: 'udp' | 'tcp'): number {
  const candidate = iceCandidates.find((each) => each.protocol === protocol);
  if (!candidate) throw new Error(`the server offers no ${protocol}`);
  return candidate.port;
}

/** The first packet makes this address that of the transport. */
async function sendByUdp(parameters: TransportParameters, packets: readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4');
  const port = portOf(parameters, 'udp');
  for (const packet of [bindingRequest(parameters.iceParameters), ...packets]) {
    if (packet.length > 0) await new Promise<void>((resolve) => socket.send(packet, port, '127.0.0.1', () => resolve()));
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.close();
}

async function sendByTcp(parameters: TransportParameters, packets: readonly Buffer[]): Promise<void> {
  const socket = connect({ port: portOf(parameters, 'tcp'), host: '127.0.0.1' }).on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const framed = packets.map((packet, index) => framedForTcp(() => (index * 0.37) % 1, packet));
  const first = bindingRequest(parameters.iceParameters);
  socket.resume().end(Buffer.concat([Buffer.of(first.length >> 8, first.length & 255), first, ...framed]));
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 200))]);
  socket.destroy();
}
