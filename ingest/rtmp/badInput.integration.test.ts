import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '#engine/kernel';
import { until } from '#engine/testing';
import { advisedVideo, obsAudio, obsVideo, pushWithFfmpeg, RtmpClient, testVideo, testAudio } from '../testing/index.ts';
import type { Push } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import type { TestIngest } from '../testing/openTestIngest.ts';
import type { RtmpDeadlines } from '../limits.ts';

/** Longer than a busy machine delays a working ffmpeg. */
const patient = { publishWithinMs: 30_000, answerWithinMs: 30_000, idleMs: 30_000 };

describe('Bad input on the RTMP port', () => {
  let station: TestIngest;
  const pushes: Push[] = [];
  const clients: RtmpClient[] = [];

  const push = (url: string, args: readonly string[]) => {
    const started = pushWithFfmpeg(url, args);
    pushes.push(started);
    return started;
  };
  const dial = async () => {
    const client = await RtmpClient.connect(station.ingest.rtmpPort);
    clients.push(client);
    return client;
  };
  const goodPush = async () => {
    const course = await station.openCourse();
    const pushed = push(course.url, [...testVideo, ...testAudio, ...advisedVideo, ...obsAudio]);
    await until('attached', () => course.lecture.attached.length === 1);
    return { ...course, pushed };
  };
  /** Opens the station again with shorter deadlines. */
  const shortenDeadlines = async (shorter: Partial<RtmpDeadlines>) => {
    await station[Symbol.asyncDispose]();
    station = await openTestIngest({ deadlines: { ...patient, ...shorter } });
  };
  const linesOf = (event: string) => station.log.filter(({ msg }) => msg === event);

  beforeEach(async () => {
    station = await openTestIngest();
  });

  afterEach(async () => {
    await Promise.all(pushes.splice(0).map((each) => each.stop()));
    for (const client of clients.splice(0)) client.close();
    await station[Symbol.asyncDispose]();
  });

  it('refuses a wrong key with a reason for the encoder and one log line without the key', async () => {
    await station.openCourse();
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.publish('sk_00000000000000000000000000');
    await client.closed;
    expect(client.received).toContain('NetStream.Publish.BadName');
    expect(client.received).toContain('stream key is not valid');
    expect(client.received).not.toContain('NetStream.Publish.Start');
    expect(linesOf('ingestSession.refused')).toHaveLength(1);
    expect(JSON.stringify(station.log)).not.toContain('sk_0000');
  });

  it('tells the instructor that an encoder uses the key that was replaced', async () => {
    const { lecture, courseId, key } = await station.openCourse();
    await station.ingest.streamKeys.issue(courseId);
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.publish(key);
    await client.closed;
    expect(client.received).toContain('old stream key');
    expect(lecture.health).toMatchObject({ state: 'refused', problem: expect.stringContaining('old stream key') as string });
  });

  it('never logs a valid key', async () => {
    const { key } = await goodPush();
    expect(JSON.stringify(station.log)).not.toContain(key);
  });

  it('drops media that an encoder with a wrong key sends before the response', async () => {
    const { lecture } = await station.openCourse();
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.publish('sk_00000000000000000000000000');
    client.message({ type: 9, streamId: 1, timestampMs: 0, body: Buffer.from([0x17, 0, 0, 0, 0, 1, 2, 3]) });
    client.message({ type: 8, streamId: 1, timestampMs: 0, body: Buffer.from([0xaf, 0, 0x11, 0x90]) });
    await client.closed;
    expect(lecture.attachments).toHaveLength(0);
    expect(lecture.ingresses).toHaveLength(0);
  });

  it('says what is wrong with an address that holds no stream key, to the encoder and in the log', async () => {
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.publish('my lecture');
    await client.closed;
    expect(client.received).toContain('begins with sk_ and has 29 characters');
    expect(linesOf('rtmp.connectionClosed')).toMatchObject([{ cause: 'wrongAddress', detail: expect.stringContaining('begins with sk_') as string }]);
    expect(JSON.stringify(station.log)).not.toContain('my lecture');
  });

  it('plays nothing, not even with the key', async () => {
    const { key } = await goodPush();
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.play(key);
    await client.closed;
    expect(client.received).toContain('NetStream.Play.Failed');
    expect(client.received).not.toContain('NetStream.Play.Start');
    expect(client.received.length).toBeLessThan(5000);
    expect(linesOf('rtmp.connectionClosed')).toMatchObject([{ cause: 'play' }]);
  });

  it('gives the reason when there is no lecture', async () => {
    const { key, courseId } = await station.openCourse();
    station.lectures.lectures.delete(courseId);
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.publish(key);
    await client.closed;
    expect(client.received).toContain('No lecture of this course is live');
  });

  it('lets a new encoder with the same key take over at once from one that still sends', async () => {
    const { url, lecture, pushed } = await goodPush();
    push(url, [...testVideo, ...testAudio, ...advisedVideo, ...obsAudio]);
    await until('the first to be replaced', () => lecture.attachments[0]?.detached === 'replaced');
    await pushed.ended;
    await until('the second to attach', () => lecture.attached.length === 1 && lecture.attachments.length === 2);
    expect(lecture.ingresses.filter(({ isClosed }) => !isClosed)).toHaveLength(2);
  });

  it('keeps the current encoder when two keep replacing each other, and advises the instructor', async () => {
    const { url, lecture } = await goodPush();
    for (let takeover = 1; takeover <= 3; takeover += 1) {
      push(url, [...testVideo, ...testAudio, ...advisedVideo, ...obsAudio]);
      await until(`takeover ${takeover}`, () => lecture.attachments.length === takeover + 1);
    }
    const late = push(url, [...testVideo, ...testAudio, ...advisedVideo, ...obsAudio]);
    expect((await late.ended).code).not.toBe(0);
    expect(lecture.attachments).toHaveLength(4);
    expect(lecture.attached).toHaveLength(1);
    await until('advice', () => lecture.health?.advice[0]?.startsWith('Two encoders'));
  });

  it('closes a connection that became silent, and detaches its session', async () => {
    await shortenDeadlines({ idleMs: 1500 });
    const { lecture, pushed } = await goodPush();
    pushed.process.kill('SIGSTOP');
    await until('the drop', () => lecture.attachments[0]?.detached);
    expect(lecture.attachments[0]?.detached).toBe('disconnected');
    expect(lecture.health?.state).toBe('gone');
    expect(linesOf('rtmp.connectionClosed')).toMatchObject([{ cause: 'idle' }]);
  });

  it('ends the session when its key is replaced, and the old key is invalid', async () => {
    const { courseId, lecture, key, pushed } = await goodPush();
    const { key: fresh } = await station.ingest.streamKeys.issue(courseId);
    expect(lecture.attachments[0]?.detached).toBe('refused');
    await pushed.ended;
    expect(await station.ingest.streamKeys.resolve(key)).toBeUndefined();
    expect(await station.ingest.streamKeys.resolve(fresh)).toBe(courseId);
  });

  it.each([
    ['no audio', [...testVideo, ...obsVideo, '-an'], 'sends no AAC audio'],
    ['no video', [...testAudio, ...obsAudio], 'sends no H.264 video'],
    ['MP3 instead of AAC', [...testVideo, ...testAudio, ...obsVideo, '-c:a', 'libmp3lame', '-ar', '44100'], 'sends MP3'],
    ['an old codec instead of H.264', [...testVideo, ...testAudio, '-c:v', 'flv1', ...obsAudio], 'sends Sorenson H.263'],
  ])('refuses a source with %s within seconds, with the reason for the instructor', async (_what, args, reason) => {
    const { lecture, url } = await station.openCourse();
    const pushed = push(url, args);
    await pushed.ended;
    expect(lecture.health).toMatchObject({ state: 'refused' });
    expect(lecture.health?.problem).toContain(reason);
    expect(linesOf('ingestSession.refused')).toMatchObject([{ problem: expect.stringContaining(reason) as string }]);
    expect(lecture.attachments).toHaveLength(0);
  });

  it('refuses HEVC of an enhanced RTMP client by name', async () => {
    const { lecture, key } = await station.openCourse();
    const client = await dial();
    client.handshake();
    client.connectApp('live');
    client.publish(key);
    await until('accepted', () => client.received.includes('NetStream.Publish.Start'));
    client.message({ type: 9, streamId: 1, timestampMs: 0, body: Buffer.concat([Buffer.of(0x90), Buffer.from('hvc1'), randomBytes(40)]) });
    await client.closed;
    expect(lecture.health).toMatchObject({ state: 'refused', problem: expect.stringContaining('HEVC') as string });
  });

  it('closes on garbage with one log line, without effect on another encoder', async () => {
    const { lecture } = await goodPush();
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), randomBytes(5000).fill(0x16, 0, 1), Buffer.alloc(4000)]) {
      const client = await dial();
      client.socket.write(bytes);
      await client.closed;
    }
    expect(linesOf('rtmp.connectionClosed').map(({ cause }) => cause)).toEqual(['garbage', 'garbage', 'garbage']);
    const framesBefore = lecture.attachments[0]!.video.frames.length;
    await until('more frames', () => lecture.attachments[0]!.video.frames.length > framesBefore + 20);
    expect(lecture.attached).toHaveLength(1);
  });

  it('closes a client that sends nothing, or stops in the middle of the handshake', async () => {
    await shortenDeadlines({ publishWithinMs: 700 });
    const [silent, halfway] = [await dial(), await dial()];
    halfway.socket.write(Buffer.concat([Buffer.of(3), randomBytes(700)]));
    await Promise.all([silent.closed, halfway.closed]);
    expect(linesOf('rtmp.connectionClosed').map(({ cause }) => cause)).toEqual(['tooSlow', 'tooSlow']);
  });

  it('survives garbage after a valid handshake, every time', async () => {
    const { lecture } = await goodPush();
    for (let round = 0; round < 60; round += 1) {
      const client = await dial();
      client.handshake();
      if (round % 2 === 0) client.connectApp('live');
      client.socket.write(randomBytes(20 + Math.floor(Math.random() * 60_000)));
      await client.closed;
    }
    const framesBefore = lecture.attachments[0]!.video.frames.length;
    await until('more frames', () => lecture.attachments[0]!.video.frames.length > framesBefore + 20);
    expect(linesOf('rtmp.connectionClosed').length).toBeLessThanOrEqual(40);
  }, 90_000);

  it('survives garbage in place of media from someone with a valid key', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { key } = await station.openCourse();
      const client = await dial();
      client.handshake();
      client.connectApp('live');
      client.publish(key);
      await until('accepted', () => client.received.includes('NetStream.Publish.Start'));
      for (const type of [8, 9, 18, 8, 9]) {
        const head = type === 9 ? [0x17, round % 2, 0, 0, 0] : type === 8 ? [0xaf, round % 2] : [2, 0, 3];
        client.message({ type, streamId: 1, timestampMs: round, body: Buffer.concat([Buffer.from(head), randomBytes(Math.floor(Math.random() * 300))]) });
      }
      client.close();
      await client.closed;
    }
    const { lecture } = await goodPush();
    expect(lecture.attached).toHaveLength(1);
  }, 60_000);

  it('reports in one sentence that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const failure = await openTestIngest({ config: { LECTERN_RTMP_PORT: port } }).catch((err: unknown) => err);
    other.close();
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as ConfigError).problems).toEqual([`LECTERN_RTMP_PORT: port ${port} is taken by another program. Stop that program, or choose another port.`]);
  });
});
