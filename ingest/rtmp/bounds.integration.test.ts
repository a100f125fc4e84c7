import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { advisedVideo, obsAudio, pushWithFfmpeg, RtmpClient, testVideo, testAudio } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import type { TestIngest } from '../testing/openTestIngest.ts';

describe('The limits of the RTMP port', () => {
  let station: TestIngest;
  const clients: RtmpClient[] = [];

  const dial = async () => {
    const client = await RtmpClient.connect(station.ingest.rtmpPort);
    clients.push(client);
    return client;
  };
  const linesOf = (event: string) => station.log.filter(({ msg }) => msg === event);

  beforeEach(async () => {
    station = await openTestIngest();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await station[Symbol.asyncDispose]();
  });

  it('closes on a message larger than any command before the key is known', async () => {
    const client = await dial();
    client.handshake();
    const header = Buffer.from([3, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0]);
    client.socket.write(Buffer.concat([header, Buffer.alloc(100)]));
    await client.closed;
    expect(linesOf('rtmp.connectionClosed')).toMatchObject([{ cause: 'garbage', detail: 'a message is too long' }]);
  });

  it('does not send back an object in place of a command number', async () => {
    const object = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`_${index}`, null]));
    const client = await dial();
    client.handshake();
    client.command(0, ['connect', object, { app: 'live', tcUrl: 'rtmp://127.0.0.1/live', objectEncoding: object }]);
    client.command(0, ['createStream', 2, null]);
    await until('both responses', () => client.received.split('_result').length === 3);
    expect(client.received).not.toContain('_1999');
    expect(client.received.length).toBeLessThan(5000);
  });

  it('closes on a chunk size of zero', async () => {
    const client = await dial();
    client.handshake();
    client.message({ type: 1, streamId: 0, timestampMs: 0, body: Buffer.alloc(4) });
    await client.closed;
    expect(linesOf('rtmp.connectionClosed')).toMatchObject([{ detail: 'the chunk size is out of bounds' }]);
  });

  it('evicts the oldest connections of one address that have not asked to publish', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, dial));
    await Promise.all(many.slice(0, 4).map(({ closed }) => closed));
    await until('the log lines', () => linesOf('rtmp.connectionClosed').length >= 4);
    expect(linesOf('rtmp.connectionClosed').map(({ cause }) => cause)).toEqual(Array(4).fill('evicted'));
    expect(many.slice(4).every(({ socket }) => !socket.destroyed)).toBe(true);
  });

  it('accepts an encoder during a flood from its own address', async () => {
    const { url, lecture } = await station.openCourse();
    let isFlooding = true;
    const flood = (async () => {
      while (isFlooding) {
        await dial();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const push = pushWithFfmpeg(url, [...testVideo, ...testAudio, ...advisedVideo, ...obsAudio]);
    await until('attached', () => lecture.attached.length === 1);
    isFlooding = false;
    await flood;
    await push.stop();
  });

  it('closes on a message that begins within another, which the parser would read again and again', async () => {
    const client = await dial();
    client.handshake();
    const begin = (lengthBytes: number) => Buffer.from([3, 0, 0, 0, lengthBytes >> 16, (lengthBytes >> 8) & 255, lengthBytes & 255, 20, 0, 0, 0, 0]);
    client.socket.write(Buffer.concat([begin(1000), Buffer.alloc(128), begin(1)]));
    await client.closed;
    expect(linesOf('rtmp.connectionClosed')).toMatchObject([{ detail: 'a message begins within another' }]);
  });

  it('closes on many incomplete messages before the key is known', async () => {
    const client = await dial();
    client.handshake();
    for (let chunkStream = 3; chunkStream < 60; chunkStream += 1) client.socket.write(Buffer.concat([Buffer.from([chunkStream, 0, 0, 0, 0, 0xff, 0xff, 20, 0, 0, 0, 0]), Buffer.alloc(128)]));
    await client.closed;
    expect(linesOf('rtmp.connectionClosed')).toMatchObject([{ detail: 'too many incomplete messages' }]);
  });

  it('closes a client that does not read its responses', async () => {
    const { key } = await station.openCourse();
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.publish(key);
    await until('accepted', () => client.received.includes('NetStream.Publish.Start'));
    client.socket.pause();
    for (let round = 0; round < 300_000 && !client.socket.destroyed; round += 1) {
      client.command(0, ['createStream', round, null]);
      if (round % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      if (linesOf('rtmp.connectionClosed').length > 0) break;
    }
    await until('the close', () => linesOf('rtmp.connectionClosed').some(({ detail }) => detail === 'it does not read its responses'));
    client.close();
  }, 30_000);
});
